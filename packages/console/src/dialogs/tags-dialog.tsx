import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import { TagField } from "../complete/tag-field.tsx";
import type { Choice } from "../library/choice.ts";
import { tagFiles } from "../library/tag-files.ts";
import { useCounted } from "../library/use-counted.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Adds tags to the selected files, or takes tags away from them. */
export function TagsDialog({ choice, onClose }: { readonly choice: Choice; readonly onClose: () => void }) {
  const [tags, setTags] = useState<readonly string[]>([]);
  const words = texts.dialogs;
  const counted = useCounted(choice);

  function change(how: "add" | "remove"): void {
    onClose();
    tagFiles(counted, tags, how).catch(tellProblem);
  }

  return (
    <Dialog title={words.tagsTitle(counted.fileCount)} onClose={onClose}>
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
