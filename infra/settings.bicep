// What the parameters `sites`, `resources`, `clients` and `mail` look like, and the app settings they become. The names are those of the
// options classes of functions/ (SitesOptions, ResourcesOptions, ClientsOptions, MailOptions), whose comments say what each means and allows.

@export()
@description('The root domains, by name: 1 to 32 lower-case letters and digits. The name is part of URLs and rows; it must not change later.')
type sitesType = {
  @description('One root domain.')
  *: siteType
}

@sealed()
@description('One root domain.')
type siteType = {
  @description('The auth host\'s origin: https://auth.contoso.com.')
  issuer: string

  @description('What people call the site.')
  displayName: string?

  @description('Colour of buttons and links on light pages: #0b5cad.')
  accentColor: string?

  @description('The same on dark pages; by default worked out from accentColor.')
  accentColorDark: string?

  @description('Radius of corners in pixels, 0 to 24; 10 by default.')
  cornerRadius: int?

  @description('The picture on the pages, SVG or PNG: a data URL in base64, or a file in the app\'s folder.')
  logo: string?

  @description('Origins of the site\'s own frontends.')
  appOrigins: string[]?

  @description('Where browsers may be sent back to; every path of the app origins by default.')
  returnUrls: string[]?

  @description('How frontends hold their session; Hybrid by default.')
  cookieMode: ('Hybrid' | 'Stateless' | 'Stateful')?

  @description('The domain whose hosts receive the access token\'s cookie.')
  cookieDomain: string?

  @description('Names of the sites that this one hands sessions to.')
  handsOffTo: string[]?

  @description('Names of the sites that this one accepts sessions from.')
  acceptsFrom: string[]?

  @description('Whether native apps may sign in.')
  nativeLogin: bool?

  @description('The audience of the site\'s API.')
  resource: string?

  @description('How long an unused session lives: 14.00:00:00.')
  idleLifetime: string?

  @description('How long a session lives at most: 90.00:00:00.')
  absoluteLifetime: string?

  @description('The custom domain, a second step: bind the first time, once DNS points here; keep from then on.')
  domain: ('bind' | 'keep')?
}

@export()
@description('The APIs that tokens may be for, by name: letters and digits.')
type resourcesType = {
  @description('One API.')
  *: resourceType
}

@sealed()
@description('One API.')
type resourceType = {
  @description('The aud of its tokens: an absolute URI.')
  audience: string

  @description('The scopes that mean something to it.')
  scopes: string[]?

  @description('Life of its access tokens, 1 to 60 minutes.')
  accessTokenLifetime: string?
}

@export()
@sealed()
@description('The server that takes the mails, by SMTP with STARTTLS.')
type mailType = {
  @description('Its name.')
  host: string

  @description('Its port; 587 by default.')
  port: int?

  @description('The name to sign in to it with.')
  user: string?

  @description('Name of the vault\'s secret that is the password; never the password itself.')
  passwordSecret: string?

  @description('The address that mails come from.')
  from: string
}

@export()
@sealed()
@description('One OAuth client.')
type clientType = {
  @description('The client identifier.')
  clientId: string

  @description('Names of the sites where the client exists.')
  sites: string[]

  @description('base64url SHA-256 of each secret that is accepted. Never the secret itself: parameters and app settings can be read by many.')
  secretHashes: string[]?

  @description('The client\'s public keys as a JSON Web Key Set.')
  jwks: string?

  @description('Where its public keys are, instead: an https URL.')
  jwksUri: string?

  @description('Grant types it may use.')
  grantTypes: string[]?

  @description('Scopes it may ask for.')
  scopes: string[]?

  @description('Audiences it may ask tokens for.')
  resources: string[]?

  @description('The audience that this client is the API of.')
  resourceServer: string?

  @description('Where it is sent back to.')
  redirectUris: string[]?

  @description('Where it is sent back to after a sign-out.')
  postLogoutRedirectUris: string[]?

  @description('Where it is told that a session of its ended: https, on the public Internet.')
  backchannelLogoutUri: string?

  @description('Whether it is the team\'s own, so that nobody is asked for consent.')
  firstParty: bool?

  @description('Whether its authorization requests must be pushed.')
  requirePushedAuthorizationRequests: bool?

  @description('Whether its authorization requests must be signed.')
  requireSignedRequestObject: bool?

  @description('Whether its access tokens must be bound to a key of its own (DPoP).')
  dpopBoundAccessTokens: bool?

  @description('Whether users have other identifiers at it than elsewhere.')
  subjectType: ('Public' | 'Pairwise')?

  @description('The host name that pairwise identifiers are made for.')
  sectorIdentifier: string?

  @description('ES256 signs what userinfo answers it.')
  userinfoSignedResponseAlg: 'ES256'?

  @description('Audiences it may exchange tokens to.')
  exchangeAudiences: string[]?

  @description('Whether it may exchange tokens without naming an actor.')
  exchangesWithoutActor: bool?

  @description('Clients of other sites that it may hand a session to.')
  handsOffTo: string[]?

  @description('How long an unused session of this client lives.')
  idleLifetime: string?

  @description('How long a session of this client lives at most.')
  absoluteLifetime: string?
}

@export()
@description('One app setting, or none where there is no value: the service then has its default.')
func one(name string, value string?) array => empty(value ?? '') ? [] : [{ name: name, value: value ?? '' }]

@description('A list as app settings, which count from 0.')
func many(name string, values string[]?) array =>
  map(range(0, length(values ?? [])), i => ({ name: '${name}__${i}', value: (values ?? [])[i] }))

@export()
@description('The sites that were asked for, or one on the host name that Azure gives the app.')
func servedOr(sites sitesType, platformOrigin string) sitesType =>
  empty(sites) ? { main: { issuer: platformOrigin, appOrigins: [platformOrigin] } } : sites

@export()
@description('The settings of Sites.')
func sitesSettings(sites sitesType) array =>
  flatten(map(items(sites), item => (siteSettings('Sites__${item.key}', item.value))))

@description('The settings of one site.')
func siteSettings(prefix string, site siteType) array =>
  concat(
    one('${prefix}__Issuer', site.issuer),
    one('${prefix}__DisplayName', site.?displayName),
    one('${prefix}__AccentColor', site.?accentColor),
    one('${prefix}__AccentColorDark', site.?accentColorDark),
    one('${prefix}__CornerRadius', site.?cornerRadius == null ? '' : string(site.?cornerRadius)),
    one('${prefix}__Logo', site.?logo),
    many('${prefix}__AppOrigins', site.?appOrigins),
    many('${prefix}__ReturnUrls', site.?returnUrls),
    one('${prefix}__CookieMode', site.?cookieMode),
    one('${prefix}__CookieDomain', site.?cookieDomain),
    many('${prefix}__HandsOffTo', site.?handsOffTo),
    many('${prefix}__AcceptsFrom', site.?acceptsFrom),
    one('${prefix}__NativeLogin', (site.?nativeLogin ?? false) ? 'true' : ''),
    one('${prefix}__Resource', site.?resource),
    one('${prefix}__IdleLifetime', site.?idleLifetime),
    one('${prefix}__AbsoluteLifetime', site.?absoluteLifetime)
  )

@export()
@description('The settings of Resources.')
func resourcesSettings(resources resourcesType) array =>
  flatten(map(items(resources), api => (concat(
    one('Resources__${api.key}__Audience', api.value.audience),
    many('Resources__${api.key}__Scopes', api.value.?scopes),
    one('Resources__${api.key}__AccessTokenLifetime', api.value.?accessTokenLifetime)
  ))))

@export()
@description('The settings of Clients, which count from 0.')
func clientsSettings(clients clientType[]) array =>
  flatten(map(range(0, length(clients)), i => (clientSettings('Clients__${i}', clients[i]))))

@description('The settings of one client.')
func clientSettings(prefix string, client clientType) array =>
  concat(
    one('${prefix}__ClientId', client.clientId),
    many('${prefix}__Sites', client.sites),
    many('${prefix}__SecretHashes', client.?secretHashes),
    one('${prefix}__Jwks', client.?jwks),
    one('${prefix}__JwksUri', client.?jwksUri),
    many('${prefix}__GrantTypes', client.?grantTypes),
    many('${prefix}__Scopes', client.?scopes),
    many('${prefix}__Resources', client.?resources),
    one('${prefix}__ResourceServer', client.?resourceServer),
    many('${prefix}__RedirectUris', client.?redirectUris),
    many('${prefix}__PostLogoutRedirectUris', client.?postLogoutRedirectUris),
    one('${prefix}__BackchannelLogoutUri', client.?backchannelLogoutUri),
    one('${prefix}__FirstParty', (client.?firstParty ?? false) ? 'true' : ''),
    one('${prefix}__RequirePushedAuthorizationRequests', (client.?requirePushedAuthorizationRequests ?? false) ? 'true' : ''),
    one('${prefix}__RequireSignedRequestObject', (client.?requireSignedRequestObject ?? false) ? 'true' : ''),
    one('${prefix}__DpopBoundAccessTokens', (client.?dpopBoundAccessTokens ?? false) ? 'true' : ''),
    one('${prefix}__SubjectType', client.?subjectType),
    one('${prefix}__SectorIdentifier', client.?sectorIdentifier),
    one('${prefix}__UserinfoSignedResponseAlg', client.?userinfoSignedResponseAlg),
    many('${prefix}__ExchangeAudiences', client.?exchangeAudiences),
    one('${prefix}__ExchangesWithoutActor', (client.?exchangesWithoutActor ?? false) ? 'true' : ''),
    many('${prefix}__HandsOffTo', client.?handsOffTo),
    one('${prefix}__IdleLifetime', client.?idleLifetime),
    one('${prefix}__AbsoluteLifetime', client.?absoluteLifetime)
  )

@export()
@description('The settings of Mail; the password is a reference to the vault.')
func mailSettings(mail mailType?, vaultUri string) array =>
  concat(
    one('Mail__Host', mail.?host),
    one('Mail__Port', mail.?port == null ? '' : string(mail.?port)),
    one('Mail__User', mail.?user),
    one('Mail__Password', mail.?passwordSecret == null ? '' : '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${mail.?passwordSecret})'),
    one('Mail__From', mail.?from)
  )
