/** A text of subtitles, and when it is seen, in seconds of the film. */
export interface Cue {
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

/** A part of a text, or where a style begins or ends. Lines are separated by `\n`. */
export type Piece = string | { readonly style: CueStyle; readonly isOn: boolean };

export type CueStyle = "b" | "i" | "u" | "s";
