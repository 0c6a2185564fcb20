import { useInViewport } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { callForPicture } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { kindOf } from "../library/library-file.ts";
import { Icon } from "../library/thumbnail.tsx";
import { useBlobUrl } from "../previews/use-blob-url.ts";
import styles from "./trash-page.module.css";

export type TrashedFile = Answer<"GET /_sluice/trash">["files"][number];

/** CSS pixels. */
const width = 48;
/** Pixels of the picture, enough for screens with three in each CSS pixel. */
const side = 160;

/** The picture of a file in the trash. It is asked for once the file comes into view. */
export function TrashedThumbnail({ file }: { readonly file: TrashedFile }) {
  const { ref, inViewport } = useInViewport();
  const { fileId, trashedAt } = file;
  const hasPicture = kindOf(file) !== "text" && kindOf(file) !== "other";
  const { data } = useQuery({
    // What is put into the trash again may have another version.
    queryKey: ["trashed thumbnail", fileId, trashedAt],
    enabled: inViewport && hasPicture,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      callForPicture("GET /_sluice/trash/:fileId/thumbnail", { parameters: { fileId }, query: { side } }, signal).catch(
        nullIfNone,
      ),
  });
  const url = useBlobUrl(data ?? undefined);
  const [isBroken, setBroken] = useState(false);
  return (
    <span ref={ref} className={styles.picture}>
      {url === undefined || isBroken ? (
        <Icon file={file} width={width} />
      ) : (
        <img src={url} alt="" onError={() => setBroken(true)} />
      )}
    </span>
  );
}

/** A file without a thumbnail isn't asked for again. */
function nullIfNone(error: unknown): null {
  if (asProblem(error).reason === "THUMBNAIL_NOT_FOUND") return null;
  throw error;
}
