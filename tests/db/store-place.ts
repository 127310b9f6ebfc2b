import type { Store, VoteLogReader } from '../../db/store.ts'

/** A place where one arena is remembered; it can be opened more than once. */
export interface StorePlace {
  open(): Promise<Store>
  openReader(): Promise<VoteLogReader>
  remove(): Promise<void>
}
