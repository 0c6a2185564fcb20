import { Alert, Button, Checkbox, Group, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { call } from "../api/call.ts";
import { useSession } from "../door/session.ts";
import { Card } from "../settings/card.tsx";
import { CodeBlock } from "../shell/code-block.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./developers.module.css";
import { type Framework, forcedParameters, frameworks, snippetOf, type TokenPolicy } from "./snippets.ts";
import type { TokenAtHand } from "./token-at-hand.ts";

const words = texts.developers.build;
/** The parameters that a page usually names itself. */
const nameable = ["fileName", "tags", "description", "customMetadata"] as const;
/** The values that a token for a try has in place of those of a page and a user. */
const example = { fileName: "photo.jpg", userId: "1" };

interface TokenBuilderProps {
  readonly onMade: (made: TokenAtHand) => void;
}

/** Writes the token route of a backend from a form, and makes a token by the same policy to try it. */
export function TokenBuilder({ onMade }: TokenBuilderProps) {
  const { session } = useSession();
  const [framework, setFramework] = useState<Framework>("Express");
  const [folder, setFolder] = useState("/users");
  const [folderPerUser, setFolderPerUser] = useState(true);
  const [allow, setAllow] = useState<string[]>(["fileName", "tags"]);
  const [isUnique, setUnique] = useState(true);
  const [isPrivate, setPrivate] = useState(false);
  const [types, setTypes] = useState("image/*");
  const [maxSize, setMaxSize] = useState("10MB");
  const [lifetime, setLifetime] = useState("60");
  const policy: TokenPolicy = {
    folder: folder.startsWith("/") ? folder : `/${folder}`,
    ...{ folderPerUser, allow, isUnique, isPrivate, maxSize: maxSize.trim() },
    fileTypes: types.split(",").flatMap((type) => type.trim() || []),
    lifetime: /^\d{1,4}$/.test(lifetime) ? Number(lifetime) : 0,
  };
  const written = write(framework, policy, session.publicKey);

  async function make(): Promise<void> {
    const uploadPayload = { fileName: example.fileName, ...forcedParameters(policy, example.userId) };
    const body = { uploadPayload, expire: policy.lifetime };
    try {
      const { token, parameters = uploadPayload } = (await call("POST /_sluice/console/upload-tokens", { body }))
        .body as {
        readonly token: string;
        readonly parameters?: Readonly<Record<string, string>>;
      };
      onMade({ token, form: Object.entries(parameters).map(([name, value]) => ({ name, value })) });
    } catch (error) {
      tellProblem(error);
    }
  }

  return (
    <Card title={words.title} help={words.help}>
      <div className={styles.columns}>
        <div className={styles.fields}>
          <Checkbox.Group label={words.allow} description={words.allowHelp} value={allow} onChange={setAllow}>
            <Group gap="md" mt="xs">
              {nameable.map((name) => (
                <Checkbox key={name} value={name} label={name} />
              ))}
            </Group>
          </Checkbox.Group>
          <TextInput
            label={words.folder}
            value={folder}
            onChange={({ currentTarget }) => setFolder(currentTarget.value)}
          />
          <Switch
            label={words.folderPerUser}
            checked={folderPerUser}
            onChange={({ currentTarget }) => setFolderPerUser(currentTarget.checked)}
          />
          <Switch
            label={words.isUnique}
            checked={isUnique}
            onChange={({ currentTarget }) => setUnique(currentTarget.checked)}
          />
          <Switch
            label={words.isPrivate}
            checked={isPrivate}
            onChange={({ currentTarget }) => setPrivate(currentTarget.checked)}
          />
          <TextInput
            label={words.types}
            description={words.typesHelp}
            value={types}
            onChange={({ currentTarget }) => setTypes(currentTarget.value)}
          />
          <TextInput
            label={words.maxSize}
            description={words.maxSizeHelp}
            value={maxSize}
            onChange={({ currentTarget }) => setMaxSize(currentTarget.value)}
          />
          <TextInput
            label={words.lifetime}
            description={words.lifetimeHelp}
            inputMode="numeric"
            value={lifetime}
            onChange={({ currentTarget }) => setLifetime(currentTarget.value)}
          />
        </div>
        <div className={styles.fields}>
          <SegmentedControl
            className={styles.frameworks}
            size="xs"
            withItemsBorders={false}
            aria-label={words.framework}
            data={[...frameworks]}
            value={framework}
            onChange={setFramework}
          />
          {"problem" in written ? (
            <Alert color="red" title={words.wrong} role="alert">
              {written.problem}
            </Alert>
          ) : (
            <>
              <CodeBlock label={words.code(framework)} text={written.code} />
              <Button variant="default" onClick={() => void make()}>
                {words.make}
              </Button>
            </>
          )}
        </div>
      </div>
    </Card>
  );
}

function write(
  framework: Framework,
  policy: TokenPolicy,
  publicKey: string,
): { readonly code: string } | { readonly problem: string } {
  if (policy.lifetime < 1 || policy.lifetime > 3600) return { problem: words.lifetimeHelp };
  try {
    forcedParameters(policy, example.userId);
    return { code: snippetOf(framework, policy, publicKey) };
  } catch {
    return { problem: words.wrongChecks };
  }
}
