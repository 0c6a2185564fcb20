import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FolderX, ImagePlus, SearchX } from "lucide-react";
import { Busy } from "../shell/busy.tsx";
import { State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { UploadButton } from "../uploads/upload-button.tsx";
import { closestFolder } from "./existing-folder.ts";
import { type LibraryState, nameOf, splatOf } from "./library-state.ts";
import { isFolderView } from "./listing.ts";

interface EmptyProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly mayChange: boolean;
  readonly onChange: (change: Partial<Record<keyof LibraryState, undefined | boolean>>) => void;
}

const words = texts.library;

/** What stands in place of the files where there are none. It says why, and what to do next. */
export function EmptyView(props: EmptyProps) {
  return isFolderView(props.state) ? <EmptyFolder {...props} /> : <EmptyResults {...props} />;
}

function EmptyFolder({ folder, mayChange }: EmptyProps) {
  // A list of files is empty as well where the folder itself is missing.
  const { data: closest, isPending } = useQuery({
    queryKey: ["folders", "closest", folder],
    queryFn: ({ signal }) => closestFolder(folder, signal),
    staleTime: 0,
    enabled: folder !== "/",
  });
  if (isPending && folder !== "/") return <Busy size="md" />;
  if (closest !== undefined && closest !== folder) return <MissingFolder folder={folder} closest={closest} />;
  const help = mayChange ? words.emptyHelp : words.emptyReading;
  return (
    <State level={2} title={words.empty} help={help} picture={<ImagePlus size={40} strokeWidth={1.5} aria-hidden />}>
      {mayChange && <UploadButton folder={folder} />}
    </State>
  );
}

function MissingFolder({ folder, closest }: { readonly folder: string; readonly closest: string }) {
  return (
    <State
      level={2}
      title={words.missing(nameOf(folder))}
      help={words.missingHelp}
      picture={<FolderX size={40} strokeWidth={1.5} aria-hidden />}
    >
      <Button component={Link} to="/library/$" params={{ _splat: splatOf(closest) } as never}>
        {words.goTo(closest === "/" ? words.root : nameOf(closest))}
      </Button>
    </State>
  );
}

function EmptyResults({ folder, state, onChange }: EmptyProps) {
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
