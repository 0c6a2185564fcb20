import { NativeSelect, SegmentedControl, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { dateText, type LibraryFile } from "../library/library-file.ts";
import { CodeBlock } from "../shell/code-block.tsx";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";
import {
  type NeededUrls,
  neededUrls,
  plainUrls,
  type SnippetKind,
  snippetKindsOf,
  snippets,
  type UrlsOf,
} from "./snippet-texts.ts";
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
  const offered = snippetKindsOf(file);
  const shown = offered.includes(kind) ? kind : "URL";
  const signed = useSignedUrls(file, neededUrls(shown, file), seconds, isSigned && file.isPublished);
  if (!file.isPublished) return null;
  const urls = isSigned ? signed.urls : plainUrls(file);
  return (
    <Section title={words.use}>
      <SegmentedControl
        fullWidth
        size="xs"
        value={shown}
        onChange={setKind}
        data={[...offered]}
        aria-label={words.use}
      />
      <div className={styles.snippet}>
        <CodeBlock label={shown} text={urls && snippets[shown](file, urls)} isShort />
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
  readonly urls: UrlsOf | undefined;
  readonly expiresAt: string | undefined;
  readonly problem: string | undefined;
}

/** Has the server sign the URLs. They are made again when the view is opened again, since their time runs. */
function useSignedUrls(
  { fileId, updatedAt }: LibraryFile,
  { transformations, thumbnails }: NeededUrls,
  expireSeconds: number,
  isWanted: boolean,
): SignedUrls {
  const { data, error } = useQuery({
    queryKey: ["signed urls", fileId, updatedAt, expireSeconds, transformations, thumbnails],
    queryFn: async ({ signal }) =>
      (
        await call(
          "POST /_sluice/signed-urls",
          {
            body: {
              ...{ fileId, expireSeconds, transformations: [...transformations] },
              ...(thumbnails.length > 0 && { thumbnails: [...thumbnails] }),
            },
          },
          signal,
        )
      ).body,
    enabled: isWanted,
    staleTime: 60_000,
    gcTime: 0,
  });
  const problem = error === null ? undefined : (asProblem(error).help ?? asProblem(error).message);
  return {
    urls: data && { file: lookUp(data.urls), thumbnail: lookUp(data.thumbnails ?? []) },
    expiresAt: data?.expiresAt,
    problem,
  };
}

function lookUp(signed: readonly { readonly transformation: string; readonly url: string }[]) {
  const urls = new Map(signed.map(({ transformation, url }) => [transformation, url]));
  return (transformation: string) => urls.get(transformation) ?? "";
}
