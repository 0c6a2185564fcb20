import { File, FileText, Film, Image, Music, Play } from "lucide-react";
import { useState } from "react";
import { isOpen, sidedLink, usePreviewLink } from "../previews/preview-links.ts";
import { clockText, hasPicture, kindOf, type LibraryFile, thumbnailOf } from "./library-file.ts";
import { Scrubber } from "./scrubber.tsx";
import styles from "./thumbnail.module.css";

const icons = { image: Image, video: Film, audio: Music, pdf: FileText, text: FileText, other: File } as const;
/** Places narrower than this have a small icon. In CSS pixels. */
const smallWidth = 64;

interface ThumbnailProps {
  readonly file: LibraryFile;
  /** CSS pixels. */
  readonly width: number;
}

/** The picture of a file. Its place has the same size whether or not there is one. */
export function Thumbnail({ file, width }: ThumbnailProps) {
  if (!hasPicture(file)) return <Icon file={file} width={width} />;
  return (
    <>
      {isOpen(file) ? (
        <Picture file={file} width={width} url={thumbnailOf(file, width)} />
      ) : (
        <HiddenPicture file={file} width={width} />
      )}
      {canScrub(file) && width >= smallWidth && <Scrubber file={file} />}
      {file.duration !== undefined && width >= smallWidth && (
        <span className={styles.duration}>
          <Play size={10} fill="currentColor" aria-hidden />
          {clockText(file.duration)}
        </span>
      )}
    </>
  );
}

/** Sprites of private files and drafts would need a signature. */
function canScrub(file: LibraryFile): boolean {
  return kindOf(file) === "video" && file.videoCodec !== undefined && file.duration !== undefined && isOpen(file);
}

/** The picture of a private file or a draft. */
function HiddenPicture({ file, width }: ThumbnailProps) {
  const link = usePreviewLink(file.versionInfo.id);
  if (link === undefined) return <Placeholder file={file} />;
  const url = link === null ? thumbnailOf(file, width) : sidedLink(link, width * Math.min(devicePixelRatio, 2));
  return <Picture file={file} width={width} url={url} />;
}

/** Until a picture is loaded, its colour stands where it will be. */
function Picture({ file, width, url }: ThumbnailProps & { readonly url: string | undefined }) {
  const [state, setState] = useState<"loading" | "loaded" | "broken">("loading");
  if (url === undefined || state === "broken") return <Icon file={file} width={width} />;
  return (
    <>
      {state === "loading" && <Placeholder file={file} />}
      <img
        className={styles.thumbnail}
        ref={forgetOnRemoval}
        src={url}
        alt=""
        loading="lazy"
        decoding="async"
        onLoad={() => file.dominantColor !== undefined && setState("loaded")}
        onError={() => setState("broken")}
        draggable={false}
      />
    </>
  );
}

/** Chromium keeps a lazy picture that was removed before it was loaded, and with it the list around it, until it has no address. */
function forgetOnRemoval(image: HTMLImageElement) {
  return () => image.removeAttribute("src");
}

const color = /^#[0-9a-f]{6}$/;
/** The shape of a picture's place in the grid. */
const placeRatio = 4 / 3;

/** The dominant colour in the shape of the picture. */
function Placeholder({ file: { dominantColor, width, height } }: { readonly file: LibraryFile }) {
  if (dominantColor === undefined || !color.test(dominantColor) || !width || !height) return null;
  return (
    <span
      className={styles.color}
      data-wide={width / height >= placeRatio || undefined}
      style={{ backgroundColor: dominantColor, aspectRatio: `${width} / ${height}` }}
    />
  );
}

/** Stands in the place of a picture, and tells the kind of file. */
export function Icon({ file, width }: { readonly file: Pick<LibraryFile, "mime">; readonly width: number }) {
  const Shown = icons[kindOf(file)];
  return <Shown className={styles.icon} data-small={width < smallWidth || undefined} aria-hidden />;
}
