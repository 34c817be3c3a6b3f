import { send, sending, view, type Call } from './call.js'
import { outcomes } from './outcome.js'

const adding = sending('POST', 'click_button', outcomes.created)
const changing = sending('PUT', 'click_button', outcomes.ok)
const removing = sending('DELETE', 'click_button', outcomes.noContent)
const submitting = sending('POST', 'submit_form', outcomes.ok)
const creating = sending('POST', 'submit_form', outcomes.created)
const updating = sending('PUT', 'submit_form', outcomes.ok)
const signingIn = sending('POST', 'login', outcomes.ok)
const signingOut = sending('POST', 'logout', outcomes.noContent)

/** Always the same address. */
function to(path: string): Call['url'] {
  return () => path
}

const categoryUrl: Call['url'] = ({ category, resultPage }) =>
  resultPage === 1 ? category.page : `${category.page}&page=${resultPage}`

const ofProduct = { namesProduct: true }
const ofCheckout = { ofCheckout: true }

/**
 * The shop's endpoints. The pair of numbers is the median time in the database and in the server, in
 * milliseconds; the numbers of bad endings are of a thousand requests.
 */
export const calls = {
  home: view('web', [9, 24], to('/home'), { notModified: 60 }),
  contact: view('web', [2, 12], to('/contact')),
  about: view('web', [2, 12], to('/about'), { notModified: 200 }),
  sendMessage: send('web', creating, [14, 26], to('/contact'), { forbidden: 20 }),

  category: view('catalog', [26, 22], categoryUrl, { notFound: 9 }),
  product: view('catalog', [14, 20], ({ product }) => product.page, {
    ...ofProduct,
    notFound: 26,
    notModified: 70,
  }),
  reviews: view('catalog', [18, 9], ({ product }) => product.reviews, {
    ...ofProduct,
    notFound: 14,
    forbidden: 8,
    notModified: 50,
  }),
  stock: view('catalog', [9, 6], ({ product }) => product.stock, { ...ofProduct, notFound: 12 }),
  recommendations: view('catalog', [32, 16], to('/api/recommendations')),
  promotions: view('catalog', [6, 7], ({ category }) => category.promotions, {
    notModified: 120,
  }),
  adminProduct: send('catalog', updating, [30, 22], ({ product }) => product.admin, {
    ...ofProduct,
    notFound: 10,
  }),

  search: view('search', [48, 26], ({ searchTerm }) => searchTerm.results, { broken: 12 }),
  suggestions: view('search', [7, 6], ({ searchTerm }) => searchTerm.suggestions),

  cart: view('cart', [11, 15], to('/cart')),
  cartBadge: view('cart', [5, 6], to('/api/cart'), { unauthorized: 5, forbidden: 6 }),
  addToCart: send('cart', adding, [16, 14], to('/cart/items'), {
    ...ofProduct,
    effect: 'add',
    notFound: 4,
    broken: 6,
  }),
  changeCart: send('cart', changing, [14, 12], ({ cartLine }) => `/cart/items/${cartLine}`, {
    effect: 'change',
  }),
  removeFromCart: send('cart', removing, [13, 10], ({ cartLine }) => `/cart/items/${cartLine}`, {
    effect: 'remove',
  }),
  coupon: send('cart', submitting, [10, 12], to('/cart/coupon'), { notFound: 140, forbidden: 60 }),

  login: view('auth', [2, 12], to('/login')),
  signIn: send('auth', signingIn, [11, 85], to('/login'), { effect: 'signIn' }),
  signOut: send('auth', signingOut, [6, 9], to('/logout'), { effect: 'signOut' }),
  profile: view('auth', [8, 9], to('/api/profile')),
  account: view('auth', [10, 16], to('/account'), { unauthorized: 20, forbidden: 8 }),

  checkout: view('checkout', [24, 34], to('/checkout'), { ...ofCheckout, broken: 8 }),
  shippingOptions: view('checkout', [15, 28], to('/api/shipping-options'), ofCheckout),
  address: send('checkout', updating, [18, 24], to('/checkout/address'), ofCheckout),
  pay: send('checkout', creating, [55, 240], to('/orders'), { ...ofCheckout, effect: 'order', broken: 12 }),
  receipt: view('checkout', [14, 40], ({ orderNumber }) => `/orders/${orderNumber}/receipt`),
  order: view('checkout', [17, 19], ({ orderNumber }) => `/orders/${orderNumber}`, {
    notFound: 5,
    forbidden: 6,
  }),
  orderList: view('checkout', [28, 15], to('/api/orders?limit=20'), { unauthorized: 4 }),
  adminOrders: view('checkout', [95, 60], ({ resultPage }) => `/admin/orders?page=${resultPage}`),
} satisfies Record<string, Call>
