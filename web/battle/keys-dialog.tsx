import type { ComponentChildren } from 'preact'
import { OUTCOMES } from '../../contract/outcome.ts'
import { texts } from '../i18n/texts.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Icon, type IconName } from '../shell/icon.tsx'

const ARROW: Record<(typeof OUTCOMES)[number], IconName> = {
  a: 'arrow-left',
  b: 'arrow-right',
  tie: 'arrow-up',
  both_bad: 'arrow-down',
}

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { keys } = texts().battle
  return (
    <Dialog title={keys.title} onClose={onClose}>
      <div class="keys">
        <Group title={keys.groups.vote}>
          {OUTCOMES.map((outcome) => (
            <Row key={outcome} keys={[<Icon key="i" name={ARROW[outcome]} />]} text={keys.verdict[outcome]} />
          ))}
          <Row keys={['Z']} text={keys.undo} />
        </Group>
        <Group title={keys.groups.reading}>
          <Row keys={['1', '2']} text={keys.enlarge} />
          <Row keys={['S']} text={keys.inStep} />
          <Row keys={['T']} text={keys.raw} />
          <Row keys={['?']} text={keys.keys} />
        </Group>
        <Group title={keys.groups.battle}>
          <Row keys={[<Icon key="i" name="corner-down-left" />]} text={keys.enter} />
          <Row keys={[keys.shift, <Icon key="i" name="corner-down-left" />]} text={keys.newLine} />
          <Row keys={['Esc']} text={keys.stop} />
          <Row keys={['F']} text={keys.followUp} />
          <Row keys={['R']} text={keys.askAgain} />
          <Row keys={['N']} text={keys.newBattle} />
        </Group>
      </div>
    </Dialog>
  )
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  )
}

function Row({ keys, text }: { keys: ComponentChildren[]; text: string }) {
  return (
    <div>
      <dt>
        {keys.map((key, index) => (
          <kbd key={index}>{key}</kbd>
        ))}
      </dt>
      <dd>{text}</dd>
    </div>
  )
}
