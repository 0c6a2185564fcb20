import { Button, Group, Text, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { changeFile } from "./change-file.ts";
import { Section } from "./section.tsx";

const words = texts.details;

/** The description says in words what the file shows. Snippets use it as the alternative text of a picture. */
export function Description({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const stored = file.description ?? "";
  const [text, setText] = useState(stored);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => setText(stored), [stored]);

  async function save(): Promise<void> {
    setBusy(true);
    if (await changeFile(file.fileId, { description: text === "" ? null : text })) {
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
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      {text !== stored && (
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button size="compact-sm" variant="default" onClick={() => setText(stored)}>
            {texts.dialogs.cancel}
          </Button>
          <Button size="compact-sm" onClick={() => void save()} loading={isBusy}>
            {words.save}
          </Button>
        </Group>
      )}
    </Section>
  );
}
