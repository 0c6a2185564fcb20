import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { type Choice, mayPlace } from "../library/choice.ts";
import { nameOf } from "../library/library-state.ts";
import { placeItems } from "../library/organise.ts";
import { rememberFolder } from "../library/recent-folders.ts";
import { useCounted } from "../library/use-counted.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Dialog } from "./dialog.tsx";
import { FolderPicker } from "./folder-picker.tsx";

interface PlaceDialogProps {
  readonly how: "move" | "copy";
  readonly choice: Choice;
  readonly folder: string;
  readonly onClose: () => void;
}

/** Asks for the folder into which items are moved or copied. */
export function PlaceDialog({ how, choice, folder, onClose }: PlaceDialogProps) {
  const [target, setTarget] = useState(folder);
  const counted = useCounted(choice);
  const words = texts.dialogs;
  const title = how === "move" ? words.moveTitle(counted.count) : words.copyTitle(counted.count);
  const name = target === "/" ? texts.library.root : nameOf(target);

  function place(): void {
    onClose();
    rememberFolder(target);
    placeItems(counted, target, how).catch(tellProblem);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <FolderPicker folder={target} onChange={setTarget} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button onClick={place} disabled={!mayPlace(choice, target)}>
          {how === "move" ? words.moveHere(name) : words.copyHere(name)}
        </Button>
      </Group>
    </Dialog>
  );
}
