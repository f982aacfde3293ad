interface Remembered<T> {
  readonly answer: Promise<T>;
  /** 0 while it is worked out. */
  length: number;
  /** Whether its question was asked before. */
  isAskedAgain: boolean;
}

export interface RememberedLimits {
  /** Of all answers together. */
  readonly characters: number;
  /** So many of those asked last are known by name. */
  readonly questions: number;
}

/**
 * Answers that stay what they are until something is concluded or registered, to questions that are asked more than once:
 * most pages of lists are not, and to keep all would give the garbage collector ever more to move. What was asked longest
 * ago is forgotten first.
 */
export class RememberedAnswers<T extends { readonly length: number }> {
  readonly #answers = new Map<string, Remembered<T>>();
  readonly #asked = new Set<string>();
  readonly #limits: RememberedLimits;
  #changeSeq = -1;
  #length = 0;

  constructor(limits: RememberedLimits) {
    this.#limits = limits;
  }

  /**
   * What a question is answered that was asked at that change. Who asks the same while it is worked out waits for it as
   * well, as everybody asks anew after a change.
   */
  answer(changeSeq: number, question: string, work: () => Promise<T>): Promise<T> {
    // Overtaken by a change: whoever asks next knows of it.
    if (changeSeq < this.#changeSeq) return work();
    if (changeSeq > this.#changeSeq) this.#forgetAll(changeSeq);
    const remembered = this.#answers.get(question) ?? this.#begin(question, work());
    // Who asks once more while many others do is not known by name any more.
    remembered.isAskedAgain = this.#noteAsked(question) || remembered.isAskedAgain;
    this.#answers.delete(question);
    this.#answers.set(question, remembered);
    return remembered.answer;
  }

  /** Returns whether it was asked before. */
  #noteAsked(question: string): boolean {
    const isAskedAgain = this.#asked.delete(question);
    this.#asked.add(question);
    const [oldest] = this.#asked;
    if (oldest !== undefined && this.#asked.size > this.#limits.questions) this.#asked.delete(oldest);
    return isAskedAgain;
  }

  #begin(question: string, answer: Promise<T>): Remembered<T> {
    const remembered = { answer, length: 0, isAskedAgain: false };
    answer.then(
      ({ length }) => this.#keep(question, remembered, length),
      // Whoever waits for it is told; the next one may have more luck.
      () => this.#forget(question, remembered),
    );
    return remembered;
  }

  #keep(question: string, remembered: Remembered<T>, length: number): void {
    if (!remembered.isAskedAgain) this.#forget(question, remembered);
    if (this.#answers.get(question) !== remembered) return;
    remembered.length = length;
    this.#length += length;
    for (const [oldest, one] of this.#answers) {
      if (this.#length <= this.#limits.characters) break;
      this.#forget(oldest, one);
    }
  }

  #forget(question: string, remembered: Remembered<T>): void {
    if (this.#answers.get(question) !== remembered) return;
    this.#answers.delete(question);
    this.#length -= remembered.length;
  }

  #forgetAll(changeSeq: number): void {
    this.#changeSeq = changeSeq;
    this.#answers.clear();
    this.#length = 0;
  }
}
