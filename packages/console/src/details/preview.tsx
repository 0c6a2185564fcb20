import { Text } from "@mantine/core";
import { useState } from "react";
import { here, kindOf, type LibraryFile, thumbnailOf, withTransformation } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import styles from "./preview.module.css";

const words = texts.details;
/** Pixels of the side of the picture that is loaded at first; a click loads the picture itself. */
const previewSide = 960;

/** Shows what is in a file, as far as a browser can. */
export function Preview({ file }: { readonly file: LibraryFile }) {
  const [isWhole, setWhole] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const address = here(file.url);
  if (!file.isPublished) return <Nothing words={words.draftPreview} />;
  const kind = kindOf(file);
  const isOpen = !file.isPrivateFile;
  if (kind === "image" && !isBroken) {
    const small = isOpen
      ? withTransformation(address, `w-${previewSide},h-${previewSide},c-at_max`)
      : thumbnailOf(file, previewSide);
    return (
      <figure className={styles.preview}>
        <button
          type="button"
          className={styles.zoom}
          aria-pressed={isWhole}
          aria-label={words.zoom}
          disabled={!isOpen}
          onClick={() => setWhole(!isWhole)}
        >
          <img
            src={isWhole ? address : small}
            alt={file.description ?? file.name}
            width={file.width}
            height={file.height}
            data-whole={isWhole || undefined}
            onError={() => setBroken(true)}
          />
        </button>
        {!isOpen && <figcaption className={styles.note}>{words.privatePreview}</figcaption>}
      </figure>
    );
  }
  if (!isOpen) return <Nothing words={words.privatePreview} />;
  // biome-ignore lint/a11y/useMediaCaption: the library has no captions
  if (kind === "video") return <video className={styles.player} src={address} controls preload="metadata" />;
  // biome-ignore lint/a11y/useMediaCaption: the library has no captions
  if (kind === "audio") return <audio className={styles.player} src={address} controls preload="metadata" />;
  return <Nothing words={words.noPreview} />;
}

function Nothing({ words: why }: { readonly words: string }) {
  return (
    <div className={styles.nothing}>
      <Text size="sm" c="dimmed" ta="center">
        {why}
      </Text>
    </div>
  );
}
