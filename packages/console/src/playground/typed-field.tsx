import { TextInput, type TextInputProps } from "@mantine/core";
import { useState } from "react";

interface TypedFieldProps extends Pick<TextInputProps, "label" | "description" | "className"> {
  /** A part of the transformation. */
  readonly value: string;
  /** The server's words against the part. */
  readonly problem: string | undefined;
  /** The words about a text that can't be read. */
  readonly unreadable: string;
  /** Takes a text over. @returns the value that the field has then, or undefined if the text can't be read */
  readonly onText: (text: string) => string | undefined;
  /** Called with the text when somebody who has changed it goes on. */
  readonly onLeave?: (text: string) => void;
}

interface Typed {
  readonly text: string;
  /** The value that belongs to the text. Another value comes from elsewhere, and replaces the text. */
  readonly value: string;
  readonly isRead: boolean;
}

/** A field for a part of the transformation. It keeps the separators that are typed, though they are no part of the value. */
export function TypedField({ value, problem, unreadable, onText, onLeave, ...input }: TypedFieldProps) {
  const [kept, setTyped] = useState<Typed>();
  const typed = kept?.value === value ? kept : undefined;
  if (kept !== typed) setTyped(undefined);
  const change = (text: string) => {
    const next = onText(text);
    setTyped({ text, value: next ?? value, isRead: next !== undefined });
  };
  const leave = () => {
    if (!typed?.isRead) return;
    setTyped(undefined);
    onLeave?.(typed.text);
  };
  return (
    <TextInput
      size="xs"
      spellCheck={false}
      value={typed?.text ?? value}
      error={typed?.isRead === false ? unreadable : problem}
      onChange={({ currentTarget }) => change(currentTarget.value.replace(/\s/g, ""))}
      onBlur={leave}
      {...input}
    />
  );
}
