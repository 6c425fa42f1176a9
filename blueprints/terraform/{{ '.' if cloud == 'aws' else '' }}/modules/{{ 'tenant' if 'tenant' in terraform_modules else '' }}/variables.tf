variable "project" {
  description = "Short name of the platform; it begins the name of everything that the tenant gets."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.project)) && length(var.project) <= 20
    error_message = "project must be lower-case letters, digits and single hyphens, start with a letter and have at most 20 characters."
  }
}

variable "tenant" {
  description = "Name of the tenant."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.tenant)) && length("${var.project}-${var.tenant}") <= 50
    error_message = "tenant must be lower-case letters, digits and single hyphens and start with a letter; project and tenant together must have at most 49 characters."
  }
}

variable "region" {
  description = "AWS region of the tenant's data."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region must be a region name such as eu-west-1."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the tenant's objects and secrets; tenants may share it."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (not of an alias)."
  }
}

variable "cluster_name" {
  description = "EKS cluster that the tenant's pods run in; null makes no role for them."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_name == null || can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", var.cluster_name))
    error_message = "cluster_name must be the name of an EKS cluster: letters, digits, hyphens and underscores, at most 100."
  }
}

variable "service_accounts" {
  description = "Service accounts whose pods get the tenant's role, by a name for them."
  type = map(object({
    namespace = string
    name      = string
  }))
  default = {}

  validation {
    condition     = alltrue([for account in var.service_accounts : can(regex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", account.namespace)) && can(regex("^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$", account.name))])
    error_message = "namespace and name of a service account must be Kubernetes names."
  }
}

variable "oidc_provider_arn" {
  description = "IAM OIDC provider of the cluster; with it the same service accounts may also use their token, as External Secrets does for a store per namespace."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/.+$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be the ARN of an IAM OIDC provider."
  }
}

variable "secret_names" {
  description = "Secrets to make below the tenant's path, without values."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.secret_names : can(regex("^[A-Za-z0-9][A-Za-z0-9/_.-]{0,199}$", name))]) && length(distinct(var.secret_names)) == length(var.secret_names)
    error_message = "secret_names must be different names of letters, digits and / _ . -"
  }
}

variable "secret_reader_arns" {
  description = "ARNs of further IAM roles that may read these secrets, such as that of a rotation function."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.secret_reader_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "secret_reader_arns must be ARNs of IAM roles."
  }
}

variable "access_log_bucket" {
  description = "Bucket that keeps the access log of the tenant's bucket; null keeps none."
  type        = string
  default     = null
}

variable "monthly_budget_usd" {
  description = "What the tenant may cost in a month, in US dollars; 0 makes no budget."
  type        = number
  default     = 0

  validation {
    condition     = var.monthly_budget_usd >= 0
    error_message = "monthly_budget_usd must be 0 or more."
  }
}

variable "budget_emails" {
  description = "Who is told when 80 percent of the budget are spent or all of it is going to be; with nobody the budget is seen in the console only."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.budget_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "budget_emails must be e-mail addresses."
  }
}

variable "tags" {
  description = "Tags added to every resource; Tenant is added by the module."
  type        = map(string)
  default     = {}
}
