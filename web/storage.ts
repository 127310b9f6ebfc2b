/** What this browser remembers. Every call survives a browser that forbids storage or has none left. */
export interface Memory {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
  /** Every remembered key that begins so. */
  keys(prefix: string): string[]
}

/** For preferences and for votes that wait for the line: shared by all tabs, survives the browser's end. */
export const deviceMemory: Memory = memoryOver(() => localStorage)

/** For the battle at hand and for drafts: each tab has its own, a reload keeps it. */
export const tabMemory: Memory = memoryOver(() => sessionStorage)

function memoryOver(open: () => Storage): Memory {
  return {
    read: (key) => attempt(() => open().getItem(key)) ?? null,
    write: (key, value) => attempt(() => open().setItem(key, value)),
    remove: (key) => attempt(() => open().removeItem(key)),
    keys: (prefix) => attempt(() => Object.keys(open()).filter((key) => key.startsWith(prefix))) ?? [],
  }
}

/** Private windows and full disks throw from every one of these calls; the page works on without a memory. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}
