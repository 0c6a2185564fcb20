import { Button, Group, Text } from "@mantine/core";
import { asProblem } from "../api/problem.ts";
import { foldersAmong, type Item } from "../library/items.ts";
import { deleteItems, hasTrash } from "../library/organise.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Asks before something is deleted that no undo brings back. */
export function DeleteDialog({ items, onClose }: { readonly items: readonly Item[]; readonly onClose: () => void }) {
  const words = texts.dialogs;
  const isForGood = !hasTrash();
  const [only] = items;
  const title = isForGood ? words.deleteTitle(items.length) : words.deleteToTrashTitle(items.length);

  function remove(): void {
    onClose();
    deleteItems(items).catch((error: unknown) => notify({ kind: "failed", message: asProblem(error).message }));
  }

  return (
    <Dialog title={items.length === 1 && only ? words.deleteOne(only.name) : title} onClose={onClose}>
      {foldersAmong(items).length > 0 && <Text>{words.deleteFolderHelp}</Text>}
      <Text>{isForGood ? words.deleteHelp : words.deleteToTrashHelp}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {words.cancel}
        </Button>
        <Button color="red" onClick={remove}>
          {isForGood ? words.deleteNow : texts.selection.delete}
        </Button>
      </Group>
    </Dialog>
  );
}
