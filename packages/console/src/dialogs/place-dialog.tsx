import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { type Item, mayPlace } from "../library/items.ts";
import { nameOf } from "../library/library-state.ts";
import { placeItems } from "../library/organise.ts";
import { rememberFolder } from "../library/recent-folders.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";
import { FolderPicker } from "./folder-picker.tsx";

interface PlaceDialogProps {
  readonly how: "move" | "copy";
  readonly items: readonly Item[];
  readonly folder: string;
  readonly onClose: () => void;
}

/** Asks for the folder into which items are moved or copied. */
export function PlaceDialog({ how, items, folder, onClose }: PlaceDialogProps) {
  const [target, setTarget] = useState(folder);
  const words = texts.dialogs;
  const title = how === "move" ? words.moveTitle(items.length) : words.copyTitle(items.length);
  const name = target === "/" ? texts.library.root : nameOf(target);

  function place(): void {
    onClose();
    rememberFolder(target);
    placeItems(items, target, how).catch(tellProblem);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <FolderPicker folder={target} onChange={setTarget} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button onClick={place} disabled={!mayPlace(items, target)}>
          {how === "move" ? words.moveHere(name) : words.copyHere(name)}
        </Button>
      </Group>
    </Dialog>
  );
}
