import { useEffect, useState } from 'preact/hooks'
import type { PerSide, Side } from '../../contract/outcome.ts'
import { deviceMemory } from '../storage.ts'

const IN_STEP = 'ringside.in-step'
const SPLIT = 'ringside.split'
const NOT_RAW: PerSide<boolean> = { a: false, b: false }

/** How the two answers are looked at. Width and scrolling are remembered; the rest begins anew with every battle. */
export interface ReadingChoices {
  readonly raw: PerSide<boolean>
  readonly enlarged: Side | null
  readonly inStep: boolean
  readonly split: number
  toggleRaw(side: Side): void
  toggleRawOfBoth(): void
  toggleEnlarged(side: Side): void
  toggleInStep(): void
  setSplit(split: number): void
}

export function useReadingChoices(battleId: string | undefined): ReadingChoices {
  const [raw, setRaw] = useState(NOT_RAW)
  const [enlarged, setEnlarged] = useState<Side | null>(null)
  const [inStep, setInStep] = useState(() => deviceMemory.read(IN_STEP) !== 'off')
  const [split, setSplit] = useState(() => rememberedSplit())
  useEffect(() => {
    setRaw(NOT_RAW)
    setEnlarged(null)
  }, [battleId])
  return {
    raw,
    enlarged,
    inStep,
    split,
    toggleRaw: (side) => setRaw({ ...raw, [side]: !raw[side] }),
    toggleRawOfBoth: () => setRaw(raw.a && raw.b ? NOT_RAW : { a: true, b: true }),
    toggleEnlarged: (side) => setEnlarged(enlarged === side ? null : side),
    toggleInStep() {
      setInStep(!inStep)
      deviceMemory.write(IN_STEP, inStep ? 'off' : 'on')
    },
    setSplit(next) {
      setSplit(next)
      deviceMemory.write(SPLIT, String(next))
    },
  }
}

function rememberedSplit(): number {
  const split = Number(deviceMemory.read(SPLIT) ?? Number.NaN)
  return split >= 25 && split <= 75 ? split : 50
}
