import { BrokenFileError } from './read-fault.ts'

const FREE_BYTES = 64 * 1024 * 1024
const MAX_RATIO = 200

/** Stops a file that unpacks to far more than any text does. The first 64 MiB are free. */
export class UnpackingGuard {
  #packedBytes = 0
  #unpackedBytes = 0

  countPacked(bytes: number): void {
    this.#packedBytes += bytes
  }

  countUnpacked(bytes: number): void {
    this.#unpackedBytes += bytes
    if (this.#unpackedBytes > FREE_BYTES && this.#unpackedBytes > this.#packedBytes * MAX_RATIO) {
      throw new BrokenFileError(`expected at most ${MAX_RATIO} times as many bytes unpacked, got more: this is no text`)
    }
  }
}
