import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { filesAmong, type Item } from "../library/items.ts";
import { tagFiles } from "../library/organise.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Adds tags to the selected files, or takes tags away from them. */
export function TagsDialog({ items, onClose }: { readonly items: readonly Item[]; readonly onClose: () => void }) {
  const [text, setText] = useState("");
  const words = texts.dialogs;
  const files = filesAmong(items);
  const tags = text
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");

  function change(how: "add" | "remove"): void {
    onClose();
    tagFiles(files, tags, how).catch(tellProblem);
  }

  return (
    <Dialog title={words.tagsTitle(files.length)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (tags.length > 0) change("add");
        }}
      >
        <TextInput
          label={texts.details.tags}
          description={words.tagsHint}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button variant="default" disabled={tags.length === 0} onClick={() => change("remove")}>
            {words.remove}
          </Button>
          <Button type="submit" disabled={tags.length === 0}>
            {words.add}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
