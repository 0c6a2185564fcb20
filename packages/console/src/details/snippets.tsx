import { Button, SegmentedControl } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { type LibraryFile, withTransformation } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";
import styles from "./snippets.module.css";

const widths = [480, 960, 1440];

const kinds = {
  URL: ({ url }: LibraryFile) => url,
  HTML: (file: LibraryFile) => html(file),
  React: (file: LibraryFile) => html(file).replace("srcset=", "srcSet=").replace(/>$/, " />"),
  Markdown: (file: LibraryFile) => `![${altOf(file)}](${file.url})`,
  curl: ({ url, name }: LibraryFile) => `curl -o ${shell(name)} ${shell(url)}`,
} as const;
type Kind = keyof typeof kinds;

/** Ways to use the file elsewhere, ready to be copied. */
export function Snippets({ file }: { readonly file: LibraryFile }) {
  const [kind, setKind] = useState<Kind>("URL");
  const clipboard = useClipboard({ timeout: 1500 });
  const isPicture = file.fileType === "image";
  const offered = (Object.keys(kinds) as Kind[]).filter((each) => isPicture || each === "URL" || each === "curl");
  const shown = offered.includes(kind) ? kind : "URL";
  const text = kinds[shown](file);
  const words = texts.details;
  return (
    <Section title={words.use}>
      <SegmentedControl fullWidth size="xs" value={shown} onChange={setKind} data={offered} aria-label={words.use} />
      <div className={styles.snippet}>
        <pre className={styles.text} tabIndex={0}>
          {text}
        </pre>
        <Button
          size="compact-xs"
          variant="default"
          className={styles.copy}
          leftSection={clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? words.copied : words.copy}
        </Button>
      </div>
    </Section>
  );
}

function html(file: LibraryFile): string {
  const { url, width, height } = file;
  const useful = widths.filter((each) => width === undefined || each <= width);
  const srcset = useful.map((each) => `${withTransformation(url, `w-${each}`)} ${each}w`).join(", ");
  const size = width === undefined || height === undefined ? "" : ` width="${width}" height="${height}"`;
  const set = useful.length === 0 ? "" : ` srcset="${attribute(srcset)}" sizes="100vw"`;
  return `<img src="${attribute(url)}"${set} alt="${attribute(altOf(file))}"${size} loading="lazy">`;
}

function altOf({ description, name }: LibraryFile): string {
  return description ?? name;
}

function attribute(text: string): string {
  return text.replace(/[&"<]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
