@description('Name of the workspace that keeps the logs.')
param workspaceName string

@description('Name of the component that takes them in.')
param componentName string

@description('Where they are.')
param location string

@description('Tags of the environment.')
param tags object

@description('Gigabytes a day after which no more are taken in.')
param dailyCapGB int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: 30
    workspaceCapping: {
      dailyQuotaGb: dailyCapGB
    }
    features: {
      disableLocalAuth: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // The key in the connection string opens nothing: telemetry is taken from whoever has the role.
    DisableLocalAuth: true
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(component.id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'AuthFunctions'
    category: 'workbook'
    sourceId: component.id
    serializedData: loadTextContent('workbook.json')
  }
}

output componentName string = component.name
