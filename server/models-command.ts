import { readConfig } from './config.ts'
import type { CommandStreams } from './commands.ts'
import { providerLimits } from './provider-settings.ts'
import { resolveModels } from './models/model-catalogue.ts'
import { runModelsCheck } from './models/models-check.ts'
import { ModelsFileError } from './models/models-file.ts'
import { createOpenAiProvider } from './providers/openai-provider.ts'
import { createKeyRing } from './providers/secrets.ts'

/** `ringside models check`: asks every configured model one question and says who answers. */
export async function checkModels({ environment, stdout, stderr }: CommandStreams): Promise<number> {
  const config = readConfig(environment)
  try {
    const { models, description } = await resolveModels({
      modelsFile: config.MODELS_FILE,
      openaiBaseUrl: config.OPENAI_BASE_URL,
      openaiApiKey: config.OPENAI_API_KEY,
      ollamaHost: config.OLLAMA_HOST,
      environment,
      at: Date.now(),
    })
    stderr.write(`${description}\n`)
    if (models.length === 0) return 1
    const provider = createOpenAiProvider({
      keys: createKeyRing(environment),
      limits: providerLimits(config),
    })
    try {
      return await runModelsCheck({ models, provider, stdout })
    } finally {
      provider.close()
    }
  } catch (error) {
    if (!(error instanceof ModelsFileError)) throw error
    stderr.write(`${error.message}\n`)
    return 1
  }
}
