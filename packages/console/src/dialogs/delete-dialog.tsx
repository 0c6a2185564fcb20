import { Text } from "@mantine/core";
import { type Choice, onlyOf } from "../library/choice.ts";
import { deleteItems, hasTrash } from "../library/delete-items.ts";
import { useCounted } from "../library/use-counted.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";

/** Asks before something is deleted that no undo brings back. */
export function DeleteDialog({ choice, onClose }: { readonly choice: Choice; readonly onClose: () => void }) {
  const words = texts.dialogs;
  const isForGood = !hasTrash();
  const only = onlyOf(choice);
  const counted = useCounted(choice);
  const title = isForGood ? words.deleteTitle(counted.count) : words.deleteToTrashTitle(counted.count);
  return (
    <ConfirmDialog
      title={only ? words.deleteOne(only.name) : title}
      confirm={isForGood ? words.deleteNow : texts.selection.delete}
      // What can't be undone is done to a number that has been shown.
      isCounting={isForGood && counted.count === undefined}
      onConfirm={() => void deleteItems(counted).catch(tellProblem)}
      onClose={onClose}
    >
      {choice.folders.length > 0 && <Text>{words.deleteFolderHelp}</Text>}
      <Text>{isForGood ? words.deleteHelp : words.deleteToTrashHelp}</Text>
    </ConfirmDialog>
  );
}
