import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";

const words = texts.playground;

/** Saves a transformation under a name. */
export function SaveDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string>();
  async function save(): Promise<void> {
    try {
      await call("POST /v1/named-transformations", { body: { name, transformation: text } });
      notify({ kind: "done", message: words.saved(name) });
      onClose();
    } catch (error) {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
    }
  }
  return (
    <Dialog title={words.save} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextInput
          label={words.name}
          description={words.nameHelp}
          value={name}
          error={problem}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          required
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {texts.dialogs.cancel}
          </Button>
          <Button type="submit">{texts.details.save}</Button>
        </Group>
      </form>
    </Dialog>
  );
}
