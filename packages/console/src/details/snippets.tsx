import { NativeSelect, SegmentedControl, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { dateText, type LibraryFile } from "../library/library-file.ts";
import { CodeBlock } from "../shell/code-block.tsx";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";
import { plainUrls, type SnippetKind, snippets, transformationsOf, type UrlOf } from "./snippet-texts.ts";
import styles from "./snippets.module.css";

const words = texts.details;
const signing = texts.signing;
/** Seconds for which signed URLs are offered. */
const lifetimes = [3600, 86_400, 604_800, 2_592_000] as const satisfies readonly (keyof typeof signing.lifetimes)[];

/** Ways to use the file elsewhere, ready to be copied. */
export function Snippets({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const [kind, setKind] = useState<SnippetKind>("URL");
  const [isSigned, setSigned] = useState(file.isPrivateFile && mayChange);
  const [seconds, setSeconds] = useState<number>(lifetimes[0]);
  const isPicture = file.fileType === "image";
  const offered = (Object.keys(snippets) as SnippetKind[]).filter(
    (each) => isPicture || each === "URL" || each === "curl",
  );
  const shown = offered.includes(kind) ? kind : "URL";
  const signed = useSignedUrls(file, transformationsOf(shown, file), seconds, isSigned && file.isPublished);
  if (!file.isPublished) return null;
  const urlOf = isSigned ? signed.urlOf : plainUrls(file);
  return (
    <Section title={words.use}>
      <SegmentedControl fullWidth size="xs" value={shown} onChange={setKind} data={offered} aria-label={words.use} />
      <div className={styles.snippet}>
        <CodeBlock label={shown} text={urlOf && snippets[shown](file, urlOf)} isShort />
      </div>
      {mayChange ? (
        <div className={styles.signing}>
          <Switch
            size="xs"
            label={signing.sign}
            checked={isSigned}
            onChange={({ currentTarget }) => setSigned(currentTarget.checked)}
          />
          {isSigned && (
            <NativeSelect
              size="xs"
              aria-label={signing.lifetime}
              value={String(seconds)}
              onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}
              data={lifetimes.map((value) => ({ value: String(value), label: signing.lifetimes[value] }))}
            />
          )}
        </div>
      ) : (
        file.isPrivateFile && (
          <Text size="xs" c="dimmed" mt={6}>
            {signing.needsFull}
          </Text>
        )
      )}
      {isSigned && (
        <Text size="xs" c="dimmed" mt={6} role="status">
          {signed.problem ??
            (signed.expiresAt === undefined ? signing.asking : signing.until(dateText(signed.expiresAt)))}
        </Text>
      )}
    </Section>
  );
}

interface SignedUrls {
  readonly urlOf: UrlOf | undefined;
  readonly expiresAt: string | undefined;
  readonly problem: string | undefined;
}

/** Has the server sign the URLs. They are made again when the view is opened again, since their time runs. */
function useSignedUrls(
  { fileId, updatedAt }: LibraryFile,
  transformations: readonly string[],
  expireSeconds: number,
  isWanted: boolean,
): SignedUrls {
  const { data, error } = useQuery({
    queryKey: ["signed urls", fileId, updatedAt, expireSeconds, ...transformations],
    queryFn: async ({ signal }) =>
      (
        await call(
          "POST /_sluice/signed-urls",
          { body: { fileId, transformations: [...transformations], expireSeconds } },
          signal,
        )
      ).body,
    enabled: isWanted,
    staleTime: 60_000,
    gcTime: 0,
  });
  const urls = new Map(data?.urls.map(({ transformation, url }) => [transformation, url]));
  const problem = error === null ? undefined : (asProblem(error).help ?? asProblem(error).message);
  return {
    urlOf: data && ((transformation) => urls.get(transformation) ?? ""),
    expiresAt: data?.expiresAt,
    problem,
  };
}
