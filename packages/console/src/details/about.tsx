import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { clockText, dateText, type LibraryFile, sizeText } from "../library/library-file.ts";
import { parentOf, splatOf } from "../library/library-state.ts";
import { texts } from "../texts/texts.ts";
import styles from "./about.module.css";
import { Section } from "./section.tsx";

const words = texts.details;

/** The file's facts, and the metadata in the file. */
export function About({ file }: { readonly file: LibraryFile }) {
  const { size, width, height, mime, createdAt, updatedAt, filePath, fileId, embeddedMetadata } = file;
  const { duration, videoCodec, audioCodec } = file;
  const folder = parentOf(filePath);
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [words.type, mime],
    [words.size, sizeText(size)],
    ...(duration !== undefined ? [[words.duration, clockText(duration)] as const] : []),
    ...(videoCodec !== undefined || audioCodec !== undefined
      ? [[words.codecs, [videoCodec, audioCodec].filter((codec) => codec !== undefined).join(", ")] as const]
      : []),
    ...(width !== undefined && height !== undefined ? [[words.dimensions, `${width} × ${height}`] as const] : []),
    [
      words.folder,
      <Anchor key="folder" component={Link} to="/library/$" params={{ _splat: splatOf(folder) } as never} size="sm">
        {folder}
      </Anchor>,
    ],
    [words.uploaded, dateText(createdAt)],
    [words.changed, dateText(updatedAt)],
    [words.fileId, <code key="id">{fileId}</code>],
  ];
  const place = placeIn(embeddedMetadata);
  return (
    <>
      <Section title={words.about}>
        <Facts facts={facts} />
        {place && (
          <Anchor href={`geo:${place}`} size="sm">
            {words.place}: {place}
          </Anchor>
        )}
      </Section>
      {embeddedMetadata && Object.keys(embeddedMetadata).length > 0 && (
        <Section title={words.embedded}>
          <details className={styles.more}>
            <summary>{words.embeddedCount(Object.keys(embeddedMetadata).length)}</summary>
            <Facts facts={Object.entries(embeddedMetadata).map(([name, value]) => [name, textOf(value)])} />
          </details>
        </Section>
      )}
    </>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Latitude and longitude, where the picture says at which place it was taken. */
function placeIn(metadata: Readonly<Record<string, unknown>> | null): string | undefined {
  const [latitude, longitude] = [metadata?.GPSLatitude, metadata?.GPSLongitude];
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  return [latitude, longitude].map((degrees) => degrees.toFixed(5)).join(",");
}
