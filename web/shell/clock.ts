import { useEffect, useState } from 'preact/hooks'

/** The time, to the second, while something on the page counts; still otherwise. */
export function useSeconds(counting: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!counting) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [counting])
  return now
}
