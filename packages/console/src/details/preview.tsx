import { Button, Group, Text } from "@mantine/core";
import { type MouseEvent, useRef, useState } from "react";
import { useMayChange } from "../door/session.ts";
import {
  hasPicture,
  here,
  kindOf,
  type LibraryFile,
  pageOf,
  thumbnailAt,
  thumbnailOf,
  withTransformation,
} from "../library/library-file.ts";
import { isOpen, pageLink, sidedLink, usePreviewLink } from "../previews/preview-links.ts";
import { TextPreview } from "../previews/text-preview.tsx";
import { Busy } from "../shell/busy.tsx";
import { texts } from "../texts/texts.ts";
import { PdfPages } from "./pdf-pages.tsx";
import { Player } from "./player.tsx";
import styles from "./preview.module.css";

const words = texts.details;
/** Pixels of the side of the picture that is loaded at first; a click loads the picture itself. */
const previewSide = 960;
const fitted = `w-${previewSide},h-${previewSide},c-at_max`;

/** Shows what is in a file, as far as a browser can. Private files and drafts are shown by a link for some minutes. */
export function Preview({ file }: { readonly file: LibraryFile }) {
  const mayChange = useMayChange();
  const open = isOpen(file);
  const link = usePreviewLink(open ? undefined : file.versionInfo.id);
  if (open) {
    const address = here(file.url);
    const small = (kindOf(file) === "image" ? withTransformation : thumbnailAt)(address, fitted);
    return <Shown file={file} address={address} small={small} />;
  }
  if (link === undefined)
    return (
      <Nothing>
        <Busy />
      </Nothing>
    );
  if (link !== null) return <Shown file={file} address={link} small={sidedLink(link, previewSide)} />;
  const why = mayChange ? texts.preview.failed : file.isPublished ? words.privatePreview : words.draftPreview;
  const thumbnail = thumbnailOf(file, previewSide);
  return (
    <figure className={styles.preview}>
      {thumbnail !== undefined && <Picture file={file} address={undefined} small={thumbnail} />}
      <figcaption className={styles.note}>{why}</figcaption>
    </figure>
  );
}

interface ShownProps {
  readonly file: LibraryFile;
  /** The address of the file itself. */
  readonly address: string;
  /** The address of a picture that fits into the panel. */
  readonly small: string;
}

function Shown({ file, address, small }: ShownProps) {
  const kind = kindOf(file);
  switch (kind) {
    case "image":
      return (
        <figure className={styles.preview}>
          <Picture file={file} address={address} small={small} />
        </figure>
      );
    case "video":
    case "audio":
      return (
        <Player
          key={file.versionInfo.id}
          kind={kind}
          versionId={file.versionInfo.id}
          address={address}
          poster={hasPicture(file) ? small : undefined}
        />
      );
    case "text":
      return <TextPreview address={address} versionId={file.versionInfo.id} size={file.size} />;
    case "pdf":
      return (
        <>
          <PdfPages
            key={file.versionInfo.id}
            name={file.name}
            versionId={file.versionInfo.id}
            addressOf={(page) => (isOpen(file) ? pageOf(address, page, fitted) : pageLink(address, previewSide, page))}
          >
            <Nothing>{words.pdf}</Nothing>
          </PdfPages>
          <Group gap="xs" mt="sm" justify="center">
            <Button component="a" href={address} target="_blank" rel="noreferrer" variant="default" size="xs">
              {words.open}
            </Button>
            {isOpen(file) && (
              <Button
                component="a"
                href={`${address}&ik-attachment=true`}
                download={file.name}
                variant="default"
                size="xs"
              >
                {words.download}
              </Button>
            )}
          </Group>
        </>
      );
    default:
      return <Nothing>{words.noPreview}</Nothing>;
  }
}

interface PictureProps {
  readonly file: LibraryFile;
  readonly address: string | undefined;
  readonly small: string;
}

/** A picture that a click shows pixel by pixel, where its own address is known. The place of the click stays in view. */
function Picture({ file, address, small }: PictureProps) {
  const [isWhole, setWhole] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const frame = useRef<HTMLButtonElement>(null);
  /** The place to show, as shares of the picture's width and height. */
  const place = useRef({ x: 0.5, y: 0.5 });
  const { width, height, description, name } = file;
  if (isBroken) return <Nothing>{words.noPreview}</Nothing>;

  function toggle({ currentTarget, clientX, clientY, detail }: MouseEvent): void {
    const box = currentTarget.querySelector("img")?.getBoundingClientRect();
    // A key is pressed at no place.
    const isPointed = box !== undefined && detail > 0;
    place.current = isPointed
      ? { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height }
      : { x: 0.5, y: 0.5 };
    setWhole(!isWhole);
  }

  function showPlace({ scrollWidth, scrollHeight, clientWidth, clientHeight }: HTMLElement): void {
    const { x, y } = place.current;
    frame.current?.scrollTo(scrollWidth * x - clientWidth / 2, scrollHeight * y - clientHeight / 2);
  }

  return (
    <button
      ref={frame}
      type="button"
      className={styles.zoom}
      aria-pressed={isWhole}
      aria-label={words.zoom}
      disabled={address === undefined}
      onClick={toggle}
    >
      <img
        src={isWhole && address !== undefined ? address : small}
        alt={description ?? name}
        width={width}
        height={height}
        data-whole={isWhole || undefined}
        onLoad={() => frame.current && showPlace(frame.current)}
        onError={() => setBroken(true)}
      />
    </button>
  );
}

function Nothing({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className={styles.nothing}>
      <Text component="div" size="sm" c="dimmed" ta="center" className={styles.why ?? ""}>
        {children}
      </Text>
    </div>
  );
}
