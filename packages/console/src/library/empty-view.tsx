import { Button, Group } from "@mantine/core";
import { ImagePlus, SearchX } from "lucide-react";
import { State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { UploadButton } from "../uploads/upload-button.tsx";
import type { LibraryState } from "./library-state.ts";
import { isFolderView } from "./listing.ts";

interface EmptyProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly mayChange: boolean;
  readonly onChange: (change: Partial<Record<keyof LibraryState, undefined | boolean>>) => void;
}

export function EmptyView({ folder, state, mayChange, onChange }: EmptyProps) {
  const words = texts.library;
  if (isFolderView(state)) {
    const help = mayChange ? words.emptyHelp : words.emptyReading;
    return (
      <State level={2} title={words.empty} help={help} picture={<ImagePlus size={40} strokeWidth={1.5} aria-hidden />}>
        {mayChange && <UploadButton folder={folder} />}
      </State>
    );
  }
  const mayWiden = state.q !== undefined && !state.everywhere && folder !== "/";
  const helpOfWords = mayWiden ? words.nothingFoundHelp : words.nothingFoundEverywhere;
  const help = state.q === undefined ? words.nothingLike : helpOfWords;
  const clear = { q: undefined, everywhere: undefined, similar: undefined, duplicates: undefined };
  return (
    <State
      level={2}
      title={words.nothingFound}
      help={help}
      picture={<SearchX size={40} strokeWidth={1.5} aria-hidden />}
    >
      <Group>
        <Button variant="default" onClick={() => onChange(clear)}>
          {words.clearSearch}
        </Button>
        {mayWiden && <Button onClick={() => onChange({ everywhere: true })}>{texts.search.everywhere}</Button>}
      </Group>
    </State>
  );
}
