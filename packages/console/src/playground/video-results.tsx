import { Button, Group, Input, Progress, Slider, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Clapperboard, Play } from "lucide-react";
import { useRef, useState } from "react";
import { clockText, here, type LibraryFile, sizeText, thumbnailAt } from "../library/library-file.ts";
import { useBlobUrl } from "../previews/use-blob-url.ts";
import { texts } from "../texts/texts.ts";
import { addressOf } from "./address-of.ts";
import { estimateSize } from "./estimate-size.ts";
import styles from "./playground-page.module.css";
import { ProblemContext } from "./problem-context.ts";
import type { ResultsProps } from "./results.tsx";
import { encoded, type Step, stepsIn } from "./steps.ts";
import { useEncode } from "./use-encode.ts";
import { UseIt } from "./use-it.tsx";
import { useResult } from "./use-result.ts";
import { stillText, type Trim, trimOf } from "./video-text.ts";

const words = texts.playground;
const restMs = 350;

/** Shows what a transformation does to a video: on one of its stills at once, and as a video once that is encoded. */
export function VideoResults({ file, text, isSettled, children }: ResultsProps) {
  const duration = file.duration ?? 0;
  const steps = stepsIn(text);
  const trim = trimOf(steps, duration) ?? { start: 0, end: duration };
  const encode = useEncode(addressOf(here(file.url), text), file.versionInfo.id);
  const still = useStill(file, steps, trim);
  const before = useRef<HTMLVideoElement>(null);
  const after = useRef<HTMLVideoElement>(null);
  const problem = encode.problem ?? still.problem;
  function playBoth(): void {
    for (const [player, at] of [
      [before.current, trim.start],
      [after.current, 0],
    ] as const) {
      if (player === null) continue;
      player.currentTime = at;
      void player.play().catch(() => undefined);
    }
  }
  return (
    <>
      <ProblemContext value={isSettled ? problem?.message : undefined}>{children}</ProblemContext>
      <div className={styles.results} data-video aria-busy={still.isBusy || encode.isPending}>
        {problem && (
          <div className={styles.problem} role="alert">
            <Text fw={600}>{words.refused}</Text>
            <Text size="sm">{problem.message}</Text>
          </div>
        )}
        <div className={styles.pair}>
          <figure>
            <figcaption>{words.before}</figcaption>
            <video
              ref={before}
              src={here(file.url)}
              controls
              muted
              preload="metadata"
              aria-label={words.video.original}
            />
          </figure>
          <figure>
            <figcaption>{words.after}</figcaption>
            {encode.made ? (
              <video
                ref={after}
                src={encode.made.address}
                controls
                muted
                preload="metadata"
                poster={still.shown}
                aria-label={words.video.result}
              />
            ) : (
              still.shown && !problem && <img src={still.shown} alt={words.video.still} onLoad={still.onLoad} />
            )}
          </figure>
        </div>
        {!encode.made && (
          <Input.Wrapper size="xs" label={words.video.at} labelElement="div">
            <Slider
              size="sm"
              min={0}
              max={duration}
              step={Math.max(0.05, duration / 200)}
              label={clockText}
              value={still.at}
              onChange={still.setAt}
              thumbLabel={words.video.at}
            />
          </Input.Wrapper>
        )}
        <Group gap="sm">
          {encode.made ? (
            <Button size="xs" variant="default" leftSection={<Play size={16} />} onClick={playBoth}>
              {words.video.playBoth}
            </Button>
          ) : (
            <Button
              size="xs"
              leftSection={<Clapperboard size={16} />}
              onClick={encode.start}
              disabled={encode.isPending || !isSettled || text === ""}
            >
              {words.video.encode}
            </Button>
          )}
          {encode.isPending && <Encoding fraction={encode.fraction} />}
        </Group>
        <dl className={styles.facts} aria-live="polite">
          <div>
            <dt>{words.before}</dt>
            <dd>
              {[sidesText(file.width, file.height), clockText(duration), file.mime, sizeText(file.size)].join(" · ")}
            </dd>
          </div>
          <div>
            <dt>{words.after}</dt>
            <dd>{factsAfter()}</dd>
          </div>
        </dl>
        <UseIt file={file} text={text} />
      </div>
    </>
  );

  function factsAfter(): string {
    const { width, height } = still.size ?? {};
    if (problem || width === undefined || height === undefined) return "–";
    const seconds = trim.end - trim.start;
    const { made } = encode;
    const size = made
      ? `${sizeText(made.bytes)} (${Math.round((made.bytes / file.size) * 100)} %)`
      : words.video.about(sizeText(estimateSize({ steps, width, height, seconds, ...originalOf(file) })));
    return [sidesText(width, height), clockText(seconds), ...(made ? [made.type] : []), size].join(" · ");
  }
}

/** How far an encode is. The number changes each second, so it isn't read out. */
function Encoding({ fraction }: { readonly fraction: number | undefined }) {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  return (
    <div className={styles.encoding}>
      <Text size="sm" role="status">
        {words.video.encoding}
      </Text>
      <Progress
        value={percent ?? 100}
        animated={percent === undefined}
        aria-label={words.video.encoding}
        className={styles.progress ?? ""}
      />
      {percent !== undefined && <Text size="sm">{percent} %</Text>}
    </div>
  );
}

/** A still at a time of the original, with all of the transformation that concerns pictures. */
function useStill(file: LibraryFile, steps: readonly Step[], { start, end }: Trim) {
  const [chosen, setAt] = useState<number>();
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  // At its end, a video has no picture any more.
  const at = Math.min(Math.max(chosen ?? start, start), Math.max(start, end - 0.1));
  const [settledAt] = useDebouncedValue(at, restMs);
  const address = thumbnailAt(here(file.url), encoded(stillText(steps, settledAt)));
  const { picture, problem, isBusy } = useResult(address);
  const shown = useBlobUrl(picture);
  const onLoad = ({ currentTarget: { naturalWidth, naturalHeight } }: { readonly currentTarget: HTMLImageElement }) =>
    setSize({ width: evenOf(naturalWidth), height: evenOf(naturalHeight) });
  return { at, setAt, shown, size, problem, isBusy, onLoad };
}

function originalOf({ width, height, bitRate, audioCodec }: LibraryFile) {
  return {
    hasSound: audioCodec !== undefined,
    originalBitRate: bitRate,
    originalPixels: width !== undefined && height !== undefined ? width * height : undefined,
  };
}

function sidesText(width: number | undefined, height: number | undefined): string {
  return `${width ?? "?"} × ${height ?? "?"}`;
}

/** Videos have even sides. */
function evenOf(side: number): number {
  return Math.max(2, side - (side % 2));
}
