import { setTimeout as wait } from 'node:timers/promises'
import { runExport } from '../../../server/exports/run-export.ts'
import { aBattle, aTurn } from './battle-makers.ts'
import { MemorySource } from './memory-source.ts'

/* An export in a process of its own, slow enough to be killed in the middle. Says when it has read its third page. */

class SlowSource extends MemorySource {
  override async readVotedBattles(request: Parameters<MemorySource['readVotedBattles']>[0]) {
    await wait(40)
    if (this.pagesRead === 3) process.stdout.write('in the middle\n')
    return super.readVotedBattles(request)
  }
}

const text = 'word '.repeat(40_000)
const battles = Array.from({ length: 200 }, (_, index) =>
  aBattle({ id: `b${index}`, turns: [aTurn(`Prompt ${index}`, `${text}${index}`, `${text}!${index}`)] }),
)
process.exitCode = await runExport(process.argv.slice(2), {
  openSource: async () => new SlowSource(battles, { pageItems: 2 }),
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
  version: '1.2.3',
})
