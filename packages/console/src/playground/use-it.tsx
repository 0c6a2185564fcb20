import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../door/session.ts";
import { kindOf, type LibraryFile } from "../library/library-file.ts";
import { CodeBlock } from "../shell/code-block.tsx";
import { texts } from "../texts/texts.ts";
import { addressOf } from "./address-of.ts";
import styles from "./playground-page.module.css";
import { type SdkName, sdkSnippets } from "./sdk-snippets.ts";
import { stepsIn } from "./steps.ts";

/** Snippets that ask for the transformed file, by the SDK. */
export function UseIt({ file, text }: { readonly file: LibraryFile; readonly text: string }) {
  const [sdk, setSdk] = useState<SdkName>("URL");
  const { account } = useSession();
  const use = {
    urlEndpoint: account.urlEndpoint,
    src: file.filePath,
    name: file.name,
    isVideo: kindOf(file) === "video",
    address: addressOf(file.url, text),
    steps: stepsIn(text),
  };
  return (
    <div className={styles.use}>
      <NativeSelect
        size="xs"
        label={texts.playground.use}
        value={sdk}
        data={Object.keys(sdkSnippets)}
        onChange={({ currentTarget }) => setSdk(currentTarget.value as SdkName)}
      />
      <CodeBlock label={sdk} text={sdkSnippets[sdk](use)} isShort />
    </div>
  );
}
