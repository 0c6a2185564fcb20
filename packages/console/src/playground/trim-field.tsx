import { Input, RangeSlider } from "@mantine/core";
import { clockText } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import styles from "./playground-page.module.css";
import type { Trim } from "./video-text.ts";

const words = texts.playground.video;
/** Positions on the slider. */
const steps = 200;

interface TrimFieldProps {
  readonly duration: number;
  readonly trim: Trim;
  readonly onChange: (trim: Trim) => void;
}

/** Chooses the part of a video that is kept, by its begin and its end. */
export function TrimField({ duration, trim, onChange }: TrimFieldProps) {
  const { start, end } = trim;
  return (
    <Input.Wrapper
      size="xs"
      label={words.trim}
      labelElement="div"
      description={words.trimmed(clockText(start), clockText(end))}
      className={styles.trim ?? ""}
    >
      <RangeSlider
        size="sm"
        mt={8}
        min={0}
        max={duration}
        step={Math.max(0.05, Math.round((duration / steps) * 100) / 100)}
        minRange={Math.min(0.1, duration)}
        label={clockText}
        value={[start, end]}
        onChange={([from, to]) => onChange({ start: from, end: to })}
        thumbFromLabel={words.start}
        thumbToLabel={words.end}
      />
    </Input.Wrapper>
  );
}
