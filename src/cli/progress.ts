export interface Progress {
  readonly step: () => void;
  readonly end: () => void;
}

/** A line on stderr that counts what is done, on a terminal; silent in a pipe. */
export function createProgress(verb: string, total: number): Progress {
  const stream = process.stderr;
  let done = 0;
  const write = (text: string) => {
    if (stream.isTTY) stream.write(`\r\u001b[K${text}`);
  };
  write(`${verb} 0 of ${total}`);
  return {
    step() {
      done += 1;
      write(`${verb} ${done} of ${total}`);
    },
    end: () => write(""),
  };
}
