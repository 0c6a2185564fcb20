import { Badge, Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../api/call.ts";
import { tellChange } from "../library/changes.ts";
import { dateText, type LibraryFile, sizeText } from "../library/library-file.ts";
import { isOpen } from "../previews/preview-links.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { Section } from "./section.tsx";
import styles from "./versions.module.css";

const CompareVersions = lazy(async () => ({ default: (await import("./compare-versions.tsx")).CompareVersions }));

const words = texts.details;

/** The file's versions. An old one can be made the current one. */
export function Versions({ file, mayChange }: { readonly file: LibraryFile; readonly mayChange: boolean }) {
  const { fileId, versionInfo, fileType } = file;
  const [compared, setCompared] = useState<LibraryFile>();
  const { data: versions } = useQuery({
    queryKey: ["file", fileId, "versions", versionInfo.id],
    queryFn: async ({ signal }) =>
      (await call("GET /v1/files/:fileId/versions", { parameters: { fileId } }, signal)).body,
  });
  if (versions === undefined || versions.length < 2) return null;

  /** A key that may only read sees no private picture and no draft. */
  function canCompare(version: LibraryFile): boolean {
    const arePictures = fileType === "image" && version.fileType === "image";
    return arePictures && (mayChange || (isOpen(file) && isOpen(version)));
  }

  async function restore(versionId: string, name: string): Promise<void> {
    try {
      const parameters = { fileId, versionId };
      const { body } = await call("PUT /v1/files/:fileId/versions/:versionId/restore", { parameters });
      tellChange({ kind: "replaced", files: [body] });
      notify({ kind: "done", message: words.restored(name) });
    } catch (error) {
      tellProblem(error);
    }
  }

  return (
    <Section title={words.versions}>
      <ul className={styles.list}>
        {versions.map((version) => {
          const {
            versionInfo: { id, name },
            size,
            updatedAt,
          } = version;
          return (
            <li key={id} className={styles.version}>
              <div className={styles.words}>
                <Text size="sm">{name}</Text>
                <Text size="xs" c="dimmed">
                  {sizeText(size)} · {dateText(updatedAt)}
                </Text>
              </div>
              {id !== versionInfo.id && canCompare(version) && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={`${texts.compare.compare}: ${name}`}
                  onClick={() => setCompared(version)}
                >
                  {texts.compare.compare}
                </Button>
              )}
              {id === versionInfo.id ? (
                <Badge variant="light">{words.current}</Badge>
              ) : (
                mayChange && (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`${words.restore}: ${name}`}
                    onClick={() => void restore(id, name)}
                  >
                    {words.restore}
                  </Button>
                )
              )}
            </li>
          );
        })}
      </ul>
      <Suspense>
        {compared && <CompareVersions earlier={compared} current={file} onClose={() => setCompared(undefined)} />}
      </Suspense>
    </Section>
  );
}
