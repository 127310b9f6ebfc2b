import type { PerSide } from '../../../contract/outcome.ts'
import { required } from '../column-map.ts'
import type { RecordFields } from '../record-fields.ts'
import { describeValue, Refusal } from '../refusal.ts'

/** The names under which both models are looked for. */
export const MODEL_FIELDS = [
  required('model_a', 'model_a_name', 'model_1', 'left_model', 'model_left'),
  required('model_b', 'model_b_name', 'model_2', 'right_model', 'model_right'),
]

export function readModels(fields: RecordFields): PerSide<string> {
  return refuseSame({ a: fields.name('model_a'), b: fields.name('model_b') })
}

export function refuseSame(models: PerSide<string>, field = 'model_b'): PerSide<string> {
  if (models.a !== models.b) return models
  throw new Refusal('same_model', field, `expected another model than on side A, got ${describeValue(models.b)}`)
}
