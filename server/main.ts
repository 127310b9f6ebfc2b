import { refuseOldNode } from './node-version.ts'

refuseOldNode()
const { serve } = await import('./serve.ts')
process.exitCode = await serve(process.env)
