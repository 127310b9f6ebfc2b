/**
 * What an answer can be made of once its Markdown has been read. The view draws these nodes and no others, so there is
 * no way from the text of a model to an element or an attribute that is not named here.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 'del'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | {
      readonly kind: 'link'
      readonly href: string
      readonly shownHost: string | null
      readonly children: readonly Inline[]
    }
  /** A picture is never loaded; where it lies on the web it becomes a link. */
  | { readonly kind: 'image'; readonly alt: string; readonly href: string | null; readonly host: string | null }
  | { readonly kind: 'math'; readonly tex: string; readonly source: string; readonly display: boolean }
  | { readonly kind: 'note'; readonly label: string; readonly source: string }

export type Align = 'left' | 'center' | 'right' | null

export interface ListItem {
  /** Null: no task. */
  readonly done: boolean | null
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  /** Text of a tight list item: a paragraph without its space. */
  | { readonly kind: 'line'; readonly children: readonly Inline[] }
  | { readonly kind: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'list'
      readonly start: number | null
      readonly loose: boolean
      readonly items: readonly ListItem[]
    }
  | { readonly kind: 'code'; readonly language: string; readonly text: string; readonly closed: boolean }
  | {
      readonly kind: 'table'
      readonly align: readonly Align[]
      readonly header: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
      /** Rows beyond the most that are laid out as a table, as they were written. */
      readonly rest: string
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'math'; readonly tex: string; readonly source: string }
  /** Text that is shown as it was written, because reading it as Markdown could hold up the page. */
  | { readonly kind: 'plain'; readonly text: string }

/** A footnote's text, shown after the answer. */
export interface Note {
  readonly label: string
  readonly blocks: readonly Block[]
}
