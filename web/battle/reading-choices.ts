import { useState } from 'preact/hooks'
import type { PerSide, Side } from '../../contract/outcome.ts'
import { deviceMemory } from '../storage.ts'

const IN_STEP = 'ringside.in-step'
const SPLIT = 'ringside.split'
const PLAIN: { readonly raw: PerSide<boolean>; readonly enlarged: Side | null } = {
  raw: { a: false, b: false },
  enlarged: null,
}

/** How the two answers are looked at. Width and scrolling are remembered; the rest begins anew with every battle. */
export interface ReadingChoices {
  readonly raw: PerSide<boolean>
  readonly enlarged: Side | null
  readonly inStep: boolean
  readonly split: number
  toggleRaw(side: Side): void
  toggleRawOfBoth(): void
  toggleEnlarged(side: Side): void
  showBoth(): void
  toggleInStep(): void
  setSplit(split: number): void
}

export function useReadingChoices(battleId: string | undefined): ReadingChoices {
  const [chosen, choose] = useState({ battleId, ...PLAIN })
  const [inStep, setInStep] = useState(() => deviceMemory.read(IN_STEP) !== 'off')
  const [split, setSplit] = useState(rememberedSplit)
  const { raw, enlarged } = chosen.battleId === battleId ? chosen : PLAIN
  return {
    raw,
    enlarged,
    inStep,
    split,
    toggleRaw: (side) => choose({ battleId, enlarged, raw: { ...raw, [side]: !raw[side] } }),
    toggleRawOfBoth: () => choose({ battleId, enlarged, raw: raw.a && raw.b ? PLAIN.raw : { a: true, b: true } }),
    toggleEnlarged: (side) => choose({ battleId, raw, enlarged: enlarged === side ? null : side }),
    showBoth: () => choose({ battleId, raw, enlarged: null }),
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
