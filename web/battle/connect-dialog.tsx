import { texts } from '../i18n/texts.ts'
import { Dialog } from '../shell/dialog.tsx'

/** How an operator brings real models in. Names settings only; it knows nothing of any model. */
export function ConnectDialog({ sampleArena, onClose }: { sampleArena: boolean; onClose: () => void }) {
  const { connect } = texts().battle
  return (
    <Dialog title={connect.title} onClose={onClose}>
      {sampleArena && <p>{connect.sample}</p>}
      <p>{connect.models}</p>
      <dl class="settings">
        <dt>
          <code>MODELS_FILE=./models.json npm start</code>
        </dt>
        <dd>{connect.file}</dd>
        <dt>
          <code>OPENAI_BASE_URL=http://127.0.0.1:8000/v1 npm start</code>
        </dt>
        <dd>{connect.url}</dd>
      </dl>
      <p>{connect.restart}</p>
    </Dialog>
  )
}
