interface Remembered<T> {
  readonly answer: Promise<T>;
  /** 0 while it is worked out. */
  length: number;
}

/**
 * Answers that stay what they are until something is concluded or registered. What was asked longest ago is forgotten
 * first, once all together have more than a number of characters.
 */
export class RememberedAnswers<T extends { readonly length: number }> {
  readonly #answers = new Map<string, Remembered<T>>();
  readonly #limit: number;
  #changeSeq = -1;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
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
    this.#answers.delete(question);
    this.#answers.set(question, remembered);
    return remembered.answer;
  }

  #begin(question: string, answer: Promise<T>): Remembered<T> {
    const remembered = { answer, length: 0 };
    answer.then(
      ({ length }) => this.#keep(question, remembered, length),
      // Whoever waits for it is told; the next one may have more luck.
      () => this.#forget(question, remembered),
    );
    return remembered;
  }

  #keep(question: string, remembered: Remembered<T>, length: number): void {
    if (this.#answers.get(question) !== remembered) return;
    remembered.length = length;
    this.#length += length;
    for (const [oldest, one] of this.#answers) {
      if (this.#length <= this.#limit) break;
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
