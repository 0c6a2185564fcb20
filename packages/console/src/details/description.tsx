import { Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { changeFile } from "./change-file.ts";
import { SaveBar } from "./save-bar.tsx";
import { Section } from "./section.tsx";
import { useEdit } from "./use-edit.ts";

const words = texts.details;

/** The description says in words what the file shows. Snippets use it as the alternative text of a picture. */
export function Description({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const stored = file.description ?? "";
  const edit = useEdit(stored);
  const [isBusy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    const change = { description: edit.text === "" ? null : edit.text };
    if (await changeFile(file.fileId, change, (now) => (now.description ?? "") === stored)) {
      edit.drop();
      notify({ kind: "done", message: words.saved });
    }
    setBusy(false);
  }

  if (!mayChange)
    return stored === "" ? null : <Section title={words.description}>{<Text size="sm">{stored}</Text>}</Section>;
  return (
    <Section title={words.description}>
      <Textarea
        aria-label={words.description}
        placeholder={words.descriptionHint}
        autosize
        minRows={2}
        maxRows={6}
        value={edit.text}
        onChange={({ currentTarget }) => edit.set(currentTarget.value)}
      />
      {edit.isChanged && (
        <SaveBar
          overtakenBy={edit.isOvertaken ? stored : undefined}
          isBusy={isBusy}
          onDrop={edit.drop}
          onSave={() => void save()}
        />
      )}
    </Section>
  );
}
