import { Modal, Text } from "@mantine/core";
import { useState } from "react";
import { dateText, type LibraryFile, sizeText } from "../library/library-file.ts";
import { Busy } from "../shell/busy.tsx";
import { useFocusBack } from "../shell/use-focus-back.ts";
import { texts } from "../texts/texts.ts";
import styles from "./compare-versions.module.css";
import { usePicture } from "./use-picture.ts";

interface CompareProps {
  readonly earlier: LibraryFile;
  readonly current: LibraryFile;
  readonly onClose: () => void;
}

const words = texts.compare;
const side = 1600;

/** Two versions of a picture in one place, with a slider between them. */
export function CompareVersions({ earlier, current, onClose }: CompareProps) {
  const [share, setShare] = useState(50);
  const [before, after] = [usePicture(earlier, side), usePicture(current, side)];
  const { width = 4, height = 3 } = current;
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title}
      size="auto"
      closeButtonProps={{ "aria-label": texts.shell.close }}
    >
      {before === null || after === null ? (
        <Text c="dimmed">{texts.preview.failed}</Text>
      ) : before === undefined || after === undefined ? (
        <Busy />
      ) : (
        <div
          className={styles.stage}
          style={{ aspectRatio: `${width} / ${height}`, inlineSize: `min(70rem, 82vw, ${(65 * width) / height}dvh)` }}
        >
          <img className={styles.picture} src={after} alt={current.versionInfo.name} />
          <img
            className={styles.picture}
            src={before}
            alt={earlier.versionInfo.name}
            style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}
          />
          <span className={styles.line} style={{ insetInlineStart: `${share}%` }} aria-hidden />
          <input
            className={styles.slider}
            type="range"
            min={0}
            max={100}
            value={share}
            aria-label={words.slider}
            aria-valuetext={words.share(share, earlier.versionInfo.name)}
            data-autofocus
            onChange={({ currentTarget }) => setShare(currentTarget.valueAsNumber)}
          />
        </div>
      )}
      <div className={styles.facts}>
        <Facts version={earlier} />
        <Facts version={current} />
      </div>
    </Modal>
  );
}

function Facts({ version: { versionInfo, size, width, height, updatedAt } }: { readonly version: LibraryFile }) {
  return (
    <div>
      <Text size="sm" fw={550}>
        {versionInfo.name}
      </Text>
      <Text size="xs" c="dimmed">
        {width !== undefined && height !== undefined && `${width} × ${height} · `}
        {sizeText(size)} · {dateText(updatedAt)}
      </Text>
    </div>
  );
}
