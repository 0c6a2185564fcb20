import { useRef, useState } from "react";
import { renewLink } from "../previews/preview-links.ts";
import styles from "./preview.module.css";

interface PlayerProps {
  readonly kind: "video" | "audio";
  readonly versionId: string;
  /** The newest address of the version. */
  readonly address: string;
  /** The picture that stands in a video's place until it plays, or above a sound. */
  readonly poster?: string | undefined;
}

/** Plays a version from the first address that it gets: another one would begin it anew. */
export function Player({ kind: Medium, versionId, address, poster }: PlayerProps) {
  const [played, setPlayed] = useState(address);
  const [isStuck, setStuck] = useState(false);
  const stopped = useRef({ at: 0, isPlaying: false });
  // The link has ended. The newest one goes on where it stopped.
  if (isStuck && played !== address) {
    setPlayed(address);
    setStuck(false);
  }
  return (
    <>
      {Medium === "audio" && poster !== undefined && <img className={styles.cover} src={poster} alt="" />}
      <Medium
        className={styles.player}
        src={played}
        controls
        preload="metadata"
        {...(Medium === "video" && { poster })}
        onError={({ currentTarget: { currentTime, paused } }) => {
          stopped.current = { at: currentTime, isPlaying: !paused };
          setStuck(true);
          void renewLink(versionId);
        }}
        onLoadedMetadata={({ currentTarget }) => {
          const { at, isPlaying } = stopped.current;
          stopped.current = { at: 0, isPlaying: false };
          if (at > 0) currentTarget.currentTime = at;
          if (isPlaying) void currentTarget.play().catch(() => undefined);
        }}
      />
    </>
  );
}
