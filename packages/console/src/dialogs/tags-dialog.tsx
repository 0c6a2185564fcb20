import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { TagField } from "../complete/tag-field.tsx";
import { filesAmong, type Item } from "../library/items.ts";
import { tagFiles } from "../library/tag-files.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Adds tags to the selected files, or takes tags away from them. */
export function TagsDialog({ items, onClose }: { readonly items: readonly Item[]; readonly onClose: () => void }) {
  const [tags, setTags] = useState<readonly string[]>([]);
  const words = texts.dialogs;
  const files = filesAmong(items);

  function change(how: "add" | "remove"): void {
    onClose();
    tagFiles(files, tags, how).catch(tellProblem);
  }

  return (
    <Dialog title={words.tagsTitle(files.length)} onClose={onClose}>
      <Text size="sm" c="dimmed" mb="xs">
        {words.tagsHint}
      </Text>
      <TagField
        label={texts.details.addTag}
        tags={tags}
        onAdd={(added) => setTags((before) => [...new Set([...before, ...added])])}
        onRemove={(gone) => setTags((before) => before.filter((tag) => tag !== gone))}
        isFirst
      />
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button variant="default" disabled={tags.length === 0} onClick={() => change("remove")}>
          {words.remove}
        </Button>
        <Button disabled={tags.length === 0} onClick={() => change("add")}>
          {words.add}
        </Button>
      </Group>
    </Dialog>
  );
}
