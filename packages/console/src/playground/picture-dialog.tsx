import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { Dialog } from "../dialogs/dialog.tsx";
import type { LibraryFile } from "../library/library-file.ts";
import { Thumbnail } from "../library/thumbnail.tsx";
import { searchQueryOf } from "../search/search-query.ts";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState, State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./picture-dialog.module.css";

const words = texts.playground.layers;
/** CSS pixels. */
const thumbnailWidth = 120;

interface PictureDialogProps {
  /** Whether videos can be chosen as well. */
  readonly isForVideos: boolean;
  readonly onChoose: (file: LibraryFile) => void;
  readonly onClose: () => void;
}

/** Chooses a picture of the library, or a video, the newest first, or by its name and its tags. */
export function PictureDialog({ isForVideos, onChoose, onClose }: PictureDialogProps) {
  const [typed, setTyped] = useState("");
  const [searched] = useDebouncedValue(typed.trim(), 250);
  const { data, error, refetch } = useQuery({
    queryKey: ["pictures", isForVideos, searched],
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files", { query: queryOf(searched, isForVideos) }, signal)).body,
    placeholderData: (before) => before,
  });
  const files = data as readonly LibraryFile[] | undefined;
  return (
    <Dialog title={isForVideos ? texts.playground.chooseFile : words.chooseTitle} onClose={onClose}>
      <TextInput
        aria-label={words.search}
        placeholder={words.search}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        mb="sm"
        data-autofocus
      />
      {error ? (
        <ProblemState level={2} problem={asProblem(error)} onAgain={() => void refetch()} />
      ) : files === undefined ? (
        <Skeleton rows={5} />
      ) : files.length === 0 ? (
        <State level={2} title={texts.library.nothingFound} help={words.nothingHelp} />
      ) : (
        <ul className={styles.pictures}>
          {files.map((file) => (
            <li key={file.fileId}>
              <button
                type="button"
                className={styles.picture}
                onClick={() => {
                  onClose();
                  onChoose(file);
                }}
              >
                <span className={styles.thumbnail}>
                  <Thumbnail file={file} width={thumbnailWidth} />
                </span>
                <span className={styles.name} title={file.filePath}>
                  {file.name}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function queryOf(searched: string, isForVideos: boolean) {
  const common = { type: "file", limit: 24 } as const;
  const words = searched === "" ? undefined : searchQueryOf(searched, undefined);
  if (!isForVideos) {
    const images = { ...common, fileType: "image" } as const;
    return words === undefined ? { ...images, sort: "DESC_CREATED" } : { ...images, searchQuery: words };
  }
  const shown = `format IN [${formats.map((format) => `"${format}"`).join(",")}]`;
  return { ...common, searchQuery: words === undefined ? shown : `${words} AND ${shown}`, sort: "DESC_CREATED" };
}

/** The formats of pictures and videos that a search can ask for. */
const formats = ["jpg", "png", "webp", "avif", "gif", "svg", "mp4", "webm", "mov"];
