/** First bytes of a frame of data, as a little-endian number. */
export const ZSTD_MAGIC = 0xfd2fb528

/** Frames that hold something for others, and count as nothing. */
export function isSkippableFrame(magic: number): boolean {
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f
}
