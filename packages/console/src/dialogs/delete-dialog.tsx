import { Text } from "@mantine/core";
import { foldersAmong, type Item } from "../library/items.ts";
import { deleteItems, hasTrash } from "../library/organise.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";

/** Asks before something is deleted that no undo brings back. */
export function DeleteDialog({ items, onClose }: { readonly items: readonly Item[]; readonly onClose: () => void }) {
  const words = texts.dialogs;
  const isForGood = !hasTrash();
  const [only] = items;
  const title = isForGood ? words.deleteTitle(items.length) : words.deleteToTrashTitle(items.length);
  return (
    <ConfirmDialog
      title={items.length === 1 && only ? words.deleteOne(only.name) : title}
      confirm={isForGood ? words.deleteNow : texts.selection.delete}
      onConfirm={() => void deleteItems(items).catch(tellProblem)}
      onClose={onClose}
    >
      {foldersAmong(items).length > 0 && <Text>{words.deleteFolderHelp}</Text>}
      <Text>{isForGood ? words.deleteHelp : words.deleteToTrashHelp}</Text>
    </ConfirmDialog>
  );
}
