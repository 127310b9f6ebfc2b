/** The ring seen from above, two opponents in opposite corners. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
      <rect class="ring" x="1" y="1" width="14" height="14" rx="3" />
      <rect class="corner-a" x="3.5" y="8" width="4.5" height="4.5" />
      <circle class="corner-b" cx="10.1" cy="5.9" r="2.4" />
    </svg>
  )
}
