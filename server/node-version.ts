/** First, before anything native is loaded: an unsupported Node crashes there without a word. */
export function refuseOldNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24
  if (supported) return
  console.error(`Ringside needs Node 20.19 or later, 22.13 or later, or 24 and newer; this is ${version}.`)
  process.exit(1)
}
