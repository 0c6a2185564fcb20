import { storedFileName, storedFolderName } from "@sluice/grammar";
import { isFolder } from "../library/items.ts";
import type { OpenDialog } from "../library/open-dialog.ts";
import { createFolder, renameItem } from "../library/organise.ts";
import { texts } from "../texts/texts.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { PlaceDialog } from "./place-dialog.tsx";
import { TagsDialog } from "./tags-dialog.tsx";

interface DialogsProps {
  readonly dialog: OpenDialog;
  /** The folder that is shown. */
  readonly folder: string;
  readonly onClose: () => void;
}

const words = texts.dialogs;

export function Dialogs({ dialog, folder, onClose }: DialogsProps) {
  switch (dialog.kind) {
    case "new folder":
      return (
        <NameDialog
          title={words.newFolder}
          label={words.folderName}
          submit={words.create}
          name=""
          storedName={storedFolderName}
          onSubmit={(name) => createFolder(folder, name)}
          onClose={onClose}
        />
      );
    case "rename":
      return (
        <NameDialog
          title={words.rename}
          label={words.newName}
          submit={words.rename}
          name={dialog.item.name}
          storedName={isFolder(dialog.item) ? storedFolderName : storedFileName}
          onSubmit={(name) => renameItem(dialog.item, name)}
          onClose={onClose}
        />
      );
    case "move":
    case "copy":
      return <PlaceDialog how={dialog.kind} choice={dialog.choice} folder={folder} onClose={onClose} />;
    case "tags":
      return <TagsDialog choice={dialog.choice} onClose={onClose} />;
    case "delete":
      return <DeleteDialog choice={dialog.choice} onClose={onClose} />;
  }
}
