@description('Name of the app.')
param siteName string

@description('Where it is.')
param location string

@description('Tags of the environment.')
param tags object

@description('The custom host name, bound already.')
param host string

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: siteName
}

// Of the site, not Microsoft.Web/certificates, which Flex Consumption does not find. Azure renews it.
resource certificate 'Microsoft.Web/sites/certificates@2024-11-01' = {
  parent: site
  name: replace(host, '.', '-')
  location: location
  tags: tags
  properties: {
    canonicalName: host
  }
}

resource binding 'Microsoft.Web/sites/hostNameBindings@2024-11-01' = {
  parent: site
  name: host
  properties: {
    siteName: siteName
    hostNameType: 'Verified'
    customHostNameDnsRecordType: 'CName'
    sslState: 'SniEnabled'
    thumbprint: certificate.properties.thumbprint
  }
}
