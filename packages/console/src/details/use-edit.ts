import { useState } from "react";

/** A text that is being edited, beside the stored one, which somebody else may change meanwhile. */
export interface Edit {
  readonly text: string;
  readonly isChanged: boolean;
  /** Whether the stored text is no longer the one from which the edit began. */
  readonly isOvertaken: boolean;
  set(text: string): void;
  /** Gives the edit up. */
  drop(): void;
}

/** Keeps what has been typed when the stored text changes. */
export function useEdit(stored: string): Edit {
  const [edit, setEdit] = useState<{ readonly text: string; readonly before: string }>();
  const isChanged = edit !== undefined && edit.text !== stored;
  return {
    text: edit?.text ?? stored,
    isChanged,
    isOvertaken: isChanged && edit.before !== stored,
    set: (text) => setEdit(text === stored ? undefined : { text, before: edit?.before ?? stored }),
    drop: () => setEdit(undefined),
  };
}
