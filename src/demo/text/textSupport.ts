import { digits, filled, one, refusal } from "./phrase";
import type { Speaker } from "./talk";

const first = "Ana Ben Carla Dev Elif Farid Greta Hugo Ines Jonas".split(" ");
const last = "Abel Brandt Costa Duarte Engel Fischer Gallo Hansen".split(" ");

const topics = [
  {
    asks: [
      "How do I reset my password?",
      "i forgot my password how do i reset it",
      "Hi, I cannot log in any more. How do I reset my password for {mail}?",
    ],
    answer: "Choose 'Forgot password' on the sign-in page; the link in the mail is valid for 30 minutes.",
    invented: "Text RESET to our hotline and a new password comes by SMS.",
  },
  {
    asks: [
      "Where is my order {order}?",
      "Order {order} was to arrive {when} and has not come. Please call me on {phone}.",
      "where is order {order}, it should have been here {when}",
    ],
    answer: "The order has left our warehouse; the tracking link is in the mail of the day it was sent.",
    invented: "The order was handed to your neighbour, who signed for it.",
  },
  {
    asks: [
      "I was charged twice for invoice {order}. My mail is {mail}.",
      "Why are there two payments for invoice {order} on my card?",
      "double charge on invoice {order}, pls refund to {mail}",
    ],
    answer: "One of the two is a reservation that your bank releases within five working days.",
    invented: "We pay a compensation of 20 percent for every double charge.",
  },
  {
    asks: [
      "Can I return the {item} I bought {when}?",
      "The {item} does not work. I want to return it, my number is {phone}.",
      "how long do i have to return a {item}",
    ],
    answer: "You can return it within 30 days; print the label from 'My orders' and hand the parcel in.",
    invented: "Returns are free for life with the Gold plan.",
  },
  {
    asks: [
      "Please change the delivery address of order {order} to {street}.",
      "I have moved to {street}. Can you change order {order}? {name}, {mail}",
      "new adress for {order}: {street}",
    ],
    answer:
      "The address can be changed until the parcel leaves; I have opened the form for you in 'My orders'.",
    invented: "I have already told the driver, who will come to the new address today.",
  },
  {
    asks: [
      "How do I connect the {item} to the app?",
      "the app does not find my {item}, what now",
      "My {item} shows a red light and the app says error {code}.",
    ],
    answer: "Hold the button for five seconds until the light blinks, then add the device in the app.",
    invented: "Error codes above 40 mean that the warranty has ended.",
  },
] as const;

const phrases = {
  when: ["yesterday", "on Monday", "last week", "two days ago"],
  item: ["lamp", "thermostat", "door lock", "speaker", "water sensor", "camera"],
  street: ["12 Mill Lane", "7 Harbour Road", "31 Station Street", "4 Orchard Close"],
};

/** Questions to a shop's support, with made-up names, addresses and numbers, and the answers. */
export const support: Speaker = (_task, random) => {
  const topic = one(topics, random);
  const name = `${one(first, random)} ${one(last, random)}`;
  const mail = `${name.toLowerCase().replace(" ", ".")}@example.com`;
  const own = {
    ...phrases,
    name: [name],
    mail: [mail],
    phone: [`+1 202 555 01${digits(2, random)}`],
    order: [`A${digits(6, random)}`],
    code: [digits(2, random)],
  };
  const prompt = filled(one(topic.asks, random), own, random);
  const wordings = [topic.answer, `Thank you for writing. ${topic.answer}`, `${topic.answer} Is there more?`];
  const wording = one(wordings, random);
  return {
    prompt,
    answer({ finishReason, passed, hallucinated }) {
      if (finishReason === "content_filter") return refusal;
      const known = passed ? wording : "I could not find this out. Please ask again with more detail.";
      const whole = hallucinated ? `${known} ${topic.invented}` : known;
      return finishReason === "length" ? whole.slice(0, 40) : whole;
    },
  };
};
